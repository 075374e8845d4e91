using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Makes the classes of an engine's structure and array types, each when code first uses it. Safe for use by several threads.</summary>
/// <remarks>
/// Equal types of different modules are one defined type, and so one class, whose name is the same in each process. The class of a structure type derives from that of its
/// supertype, so that a cast asks .NET; that of a final type is sealed, which makes the cast one comparison.
/// </remarks>
internal sealed class AggregateClasses
{
    private readonly TypeRegistry _registry;
    private readonly Dictionary<int, AggregateClass> _classes = [];
    private readonly AssemblySeries _assemblies = new("Fermata.Aggregates");
    private readonly Lock _lock = new();

    public AggregateClasses(TypeRegistry registry)
    {
        _registry = registry;
        I31.Prepare();
    }

    /// <summary>The class of a structure type.</summary>
    public StructClass Struct(DefinedType type) => (StructClass)Get(type);

    /// <summary>The class of an array type.</summary>
    public ArrayClass Array(DefinedType type) => (ArrayClass)Get(type);

    private AggregateClass Get(DefinedType type)
    {
        lock (_lock)
        {
            if (!_classes.TryGetValue(type.Id, out var found))
                _classes.Add(type.Id, found = type.Composite is StructType structure ? MakeStruct(type, structure) : MakeArray(type, (ArrayType)type.Composite));
            return found;
        }
    }

    private StructClass MakeStruct(DefinedType type, StructType structure)
    {
        var super = type.Supertype is null ? null : Struct(type.Supertype);
        var builder = _assemblies.DefineType("Struct" + type.StructuralName, Attributes(type), super?.Type ?? typeof(WasmStruct));

        // A new object is zeros, so there is nothing for the constructors of the classes above to do.
        builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, Type.EmptyTypes).GetILGenerator().Emit(OpCodes.Ret);
        var inherited = super?.Fields ?? [];
        for (var i = inherited.Length; i < structure.Fields.Length; i++)
            builder.DefineField($"field{i}", ClrTypes.OfField(structure.Fields[i]), FieldAttributes.Public);
        var created = builder.CreateType();
        FieldInfo[] fields = [.. inherited, .. FieldsOf(created)];
        return new StructClass(_registry, type, created, fields, BytesOf(fields));
    }

    /// <summary>The header, and the fields, which .NET packs, in whole words.</summary>
    private static int BytesOf(FieldInfo[] fields)
    {
        const int Header = 16;
        var bytes = Header + fields.Sum(field => ClrTypes.SizeOf(field.FieldType));
        return (bytes + IntPtr.Size - 1) / IntPtr.Size * IntPtr.Size;
    }

    private ArrayClass MakeArray(DefinedType type, ArrayType array)
    {
        var storage = ClrTypes.OfField(array.Element);
        var builder = _assemblies.DefineType(
            "Element" + type.StructuralName, TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.SequentialLayout, typeof(ValueType));
        builder.DefineField("value", storage, FieldAttributes.Public);
        var created = builder.CreateType();
        var value = type.Supertype is null ? FieldsOf(created)[0] : Array(type.Supertype).Value;
        return new ArrayClass(_registry, type, created, value, ClrTypes.SizeOf(storage));
    }

    private static TypeAttributes Attributes(DefinedType type) =>
        TypeAttributes.Public | TypeAttributes.Class | (type.IsFinal ? TypeAttributes.Sealed : 0);

    /// <summary>The fields that a class declares itself, in order.</summary>
    private static FieldInfo[] FieldsOf(Type type)
    {
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        System.Array.Sort(fields, (left, right) => left.MetadataToken.CompareTo(right.MetadataToken));
        return fields;
    }
}
