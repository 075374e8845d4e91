using System.Reflection;

namespace Fermata.Hosting;

/// <summary>A result of a delegate: the returned value itself, or a field of a returned tuple.</summary>
/// <param name="Type">The type of the result.</param>
/// <param name="Path">The fields to it; tuples of more than seven items are nested.</param>
internal sealed record ResultField(Type Type, FieldInfo[] Path)
{
    private const int ItemsBeforeRest = 7;

    /// <summary>The results in a return type.</summary>
    public static ResultField[] Of(Type type)
    {
        if (type == typeof(void))
            return [];
        if (!IsTuple(type))
            return [new ResultField(type, [])];
        var fields = new List<ResultField>();
        Add(fields, type, []);
        return [.. fields];
    }

    private static void Add(List<ResultField> fields, Type tuple, FieldInfo[] path)
    {
        var count = tuple.GetGenericArguments().Length;
        for (var i = 1; i <= Math.Min(count, ItemsBeforeRest); i++)
        {
            var item = tuple.GetField($"Item{i}")!;
            fields.Add(new ResultField(item.FieldType, [.. path, item]));
        }

        if (count > ItemsBeforeRest)
        {
            var rest = tuple.GetField("Rest")!;
            Add(fields, rest.FieldType, [.. path, rest]);
        }
    }

    private static bool IsTuple(Type type) =>
        type.IsGenericType && type.IsValueType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal);
}
