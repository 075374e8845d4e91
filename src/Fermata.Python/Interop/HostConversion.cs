using System.Collections;
using System.Globalization;
using System.Numerics;

namespace Fermata.Python.Interop;

/// <summary>Values that come from Python, as the types of .NET that are wanted.</summary>
internal static class HostConversion
{
    /// <summary>Whether a value is Python's None.</summary>
    public static bool IsNull(object? value) => value is null || ReferenceEquals(value, Marker.Undefined);

    /// <summary>A value that is the host's to keep: objects of Python that were lent for a call are taken hold of.</summary>
    public static object? Keep(object? value) => value is PythonObject python ? python.Copy() : value;

    /// <summary>Converts a value.</summary>
    /// <exception cref="InvalidCastException">It is none of this type.</exception>
    public static object? To(object? value, Type type)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (IsNull(value))
            return !type.IsValueType || target != type ? null : throw new InvalidCastException($"None is no {NameOf(type)}.");
        if (target.IsInstanceOfType(value))
            return value;
        var name = PythonNameOf(value!);
        if (value is PythonObject python)
        {
            value = python.ToHost();
            if (value is PythonObject or null || ReferenceEquals(value, Marker.Undefined))
                throw Misfit(name, type);
            if (target.IsInstanceOfType(value))
                return value;
        }

        if (target.IsEnum)
            return value is string text && Enum.TryParse(target, text, ignoreCase: true, out var constant) ? constant : Enum.ToObject(target, ToNumber(value!, Enum.GetUnderlyingType(target)));
        return value switch
        {
            BigInteger or long or int or double or bool => ToNumber(value, target),
            string letter when target == typeof(char) && letter.Length == 1 => letter[0],
            _ => FromContainer(value!, name, target),
        };
    }

    /// <summary>A number, as a <see cref="long"/> if it is one.</summary>
    public static IFormattable Narrow(BigInteger number) => number >= long.MinValue && number <= long.MaxValue ? (IFormattable)(long)number : number;

    /// <summary>Whether two numbers of different types are the same.</summary>
    public static bool AreEqualNumbers(object left, object right) => left is not string && right is not string && AsDouble(left) is { } a && AsDouble(right) is { } b && a.Equals(b);

    public static int HashOfNumber(object value) => (AsDouble(value) ?? 0).GetHashCode();

    private static double? AsDouble(object value) => value switch
    {
        BigInteger big => (double)big,
        IConvertible convertible and not (string or char or DateTime) => convertible.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static object ToNumber(object value, Type target)
    {
        try
        {
            if (target == typeof(BigInteger))
                return value is bool or double ? throw Misfit(PythonNameOf(value), target) : (BigInteger)System.Convert.ToInt64(value, CultureInfo.InvariantCulture);
            if (value is BigInteger big)
            {
                return target == typeof(double) ? (double)big : target == typeof(ulong) ? (ulong)big : target == typeof(decimal) ? (decimal)big
                    : target == typeof(UInt128) ? (UInt128)big : target == typeof(Int128) ? (object)(Int128)big : throw Misfit("int", target);
            }

            // Python has no implicit conversion from float to int, nor of numbers to bool or text.
            if (!typeof(IConvertible).IsAssignableFrom(target) || target == typeof(string) || target == typeof(bool) || target == typeof(char) || target == typeof(DateTime)
                || (value is double && target != typeof(float) && target != typeof(decimal)))
                throw Misfit(PythonNameOf(value), target);
            return System.Convert.ChangeType(value, target, CultureInfo.InvariantCulture);
        }
        catch (OverflowException e)
        {
            throw new InvalidCastException($"{value} is outside of the range of {NameOf(target)}.", e);
        }
    }

    /// <summary>Lists, dictionaries and sets, whose items are converted.</summary>
    private static object FromContainer(object value, string name, Type target)
    {
        if (value is IDictionary dictionary && ArgumentsOf(target, typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(Dictionary<,>)) is [var key, var item])
        {
            var result = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, item))!;
            foreach (DictionaryEntry entry in dictionary)
                result.Add(To(entry.Key, key)!, To(entry.Value, item));
            return result;
        }

        if (value is IEnumerable items and not (string or IDictionary))
        {
            if (target.IsArray && target.GetArrayRank() == 1)
            {
                object?[] converted = [.. items.Cast<object?>().Select(each => To(each, target.GetElementType()!))];
                var array = Array.CreateInstance(target.GetElementType()!, converted.Length);
                Array.Copy(converted, array, converted.Length);
                return array;
            }

            var element = ArgumentsOf(target, typeof(List<>), typeof(IList<>), typeof(IReadOnlyList<>), typeof(IEnumerable<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>));
            var elementOfSet = element is null ? ArgumentsOf(target, typeof(HashSet<>), typeof(ISet<>), typeof(IReadOnlySet<>)) : null;
            if ((element ?? elementOfSet) is [var type])
            {
                var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
                foreach (var each in items)
                    list.Add(To(each, type));
                return element is not null ? list : Activator.CreateInstance(typeof(HashSet<>).MakeGenericType(type), list)!;
            }
        }

        throw Misfit(name, target);
    }

    private static Type[]? ArgumentsOf(Type target, params ReadOnlySpan<Type> definitions) =>
        target.IsGenericType && definitions.Contains(target.GetGenericTypeDefinition()) ? target.GenericTypeArguments : null;

    private static InvalidCastException Misfit(string name, Type target) => new($"A value of Python's type {name} is no {NameOf(target)}.");

    private static string PythonNameOf(object value) => value switch
    {
        PythonObject python => python.TypeName,
        bool => "bool",
        double => "float",
        string => "str",
        int or long or BigInteger => "int",
        _ => value.GetType().Name,
    };

    private static string NameOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type).Name;
}
