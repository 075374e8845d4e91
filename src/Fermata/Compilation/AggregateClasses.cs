using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>The classes of structure and array types that a module's code uses, each made when it is first needed. Safe for use by several threads.</summary>
/// <remarks>
/// <para>
/// Equal types of different modules are one defined type, and so one class, whose name is the same in each process. The class of a structure type derives from that of its
/// supertype, so that a cast asks .NET; that of a final type is sealed, which makes the cast one comparison.
/// </para>
/// <para>
/// Classes go with their assembly, so that a module makes its own, and puts a class that derives from one of another module only beside those that do, too: an object keeps
/// no more than the assemblies of the classes above its own.
/// </para>
/// </remarks>
/// <param name="registry">The types of the engine.</param>
/// <param name="known">The classes that modules of the engine made.</param>
/// <param name="isCollectible">Whether classes go when nothing uses them any more.</param>
internal sealed class AggregateClasses(TypeRegistry registry, AggregateClassTable known, bool isCollectible)
{
    private readonly Dictionary<DefinedType, AggregateClass> _classes = [];
    private readonly AssemblySeries _assemblies = new("Fermata.Aggregates", isCollectible);

    /// <summary>Where classes go that derive from one in an assembly.</summary>
    private readonly Dictionary<Assembly, AssemblySeries> _assembliesByBase = [];
    private readonly Lock _lock = new();

    /// <summary>The class of a structure type.</summary>
    public StructClass Struct(DefinedType type) => (StructClass)Get(type);

    /// <summary>The class of an array type.</summary>
    public ArrayClass Array(DefinedType type) => (ArrayClass)Get(type);

    private AggregateClass Get(DefinedType type)
    {
        lock (_lock)
        {
            if (!_classes.TryGetValue(type, out var found))
                _classes.Add(type, found = known.GetOrMake(type, Make));
            return found;
        }
    }

    private AggregateClass Make(DefinedType type)
    {
        var super = type.Supertype is null ? null : Get(type.Supertype);
        return type.Composite is StructType structure
            ? MakeStruct(type, structure, (StructClass?)super)
            : MakeArray(type, (ArrayType)type.Composite, (ArrayClass?)super);
    }

    private StructClass MakeStruct(DefinedType type, StructType structure, StructClass? super)
    {
        var assemblies = AssembliesFor(super);
        var builder = assemblies.DefineType("Struct" + type.StructuralName, Attributes(type), super?.Type ?? typeof(WasmStruct));

        // A new object is zeros, so there is nothing for the constructors of the classes above to do.
        builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, Type.EmptyTypes).GetILGenerator().Emit(OpCodes.Ret);
        var inherited = super?.Fields ?? [];
        for (var i = inherited.Length; i < structure.Fields.Length; i++)
            builder.DefineField($"field{i}", ClrTypes.OfField(structure.Fields[i]), FieldAttributes.Public);
        var created = Create(builder, assemblies);
        FieldInfo[] fields = [.. inherited, .. FieldsOf(created)];
        return new StructClass(registry, type, created, fields, BytesOf(fields));
    }

    /// <summary>The header, and the fields, which .NET packs, in whole words.</summary>
    private static int BytesOf(FieldInfo[] fields)
    {
        const int Header = 16;
        var bytes = Header + fields.Sum(field => ClrTypes.SizeOf(field.FieldType));
        return (bytes + IntPtr.Size - 1) / IntPtr.Size * IntPtr.Size;
    }

    private ArrayClass MakeArray(DefinedType type, ArrayType array, ArrayClass? super)
    {
        var storage = ClrTypes.OfField(array.Element);
        var assemblies = AssembliesFor(super);
        var builder = assemblies.DefineType(
            "Element" + type.StructuralName, TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.SequentialLayout, typeof(ValueType));
        builder.DefineField("value", storage, FieldAttributes.Public);
        var created = Create(builder, assemblies);
        var value = super is null ? FieldsOf(created)[0] : super.Value;
        return new ArrayClass(registry, type, created, value, ClrTypes.SizeOf(storage));
    }

    private AssemblySeries AssembliesFor(AggregateClass? super)
    {
        if (super is null)
            return _assemblies;
        var assembly = super.Type.Assembly;
        if (!_assembliesByBase.TryGetValue(assembly, out var assemblies))
            _assembliesByBase.Add(assembly, assemblies = new AssemblySeries("Fermata.Aggregates", isCollectible));
        return assemblies;
    }

    /// <summary>Classes that derive from the new one may go where it is.</summary>
    private Type Create(TypeBuilder builder, AssemblySeries assemblies)
    {
        var created = builder.CreateType();
        _assembliesByBase.TryAdd(created.Assembly, assemblies);
        return created;
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
