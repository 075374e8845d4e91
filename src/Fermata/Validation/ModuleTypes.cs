using System.Collections.Concurrent;
using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>What validation makes of a module's types, for all that comes after. Every type in it is resolved.</summary>
/// <remarks>Index spaces list the imports first, as in <see cref="Binary.ModuleDefinition"/>.</remarks>
internal sealed class ModuleTypes(TypeRegistry registry, DefinedType[] types)
{
    private static readonly ValType[] I32 = [ValType.I32];
    private static readonly ValType[] I64 = [ValType.I64];
    private static readonly ValType[] F32 = [ValType.F32];
    private static readonly ValType[] F64 = [ValType.F64];
    private static readonly ValType[] V128 = [ValType.V128];

    private readonly ConcurrentDictionary<ValType, ValType[]> _singles = new();

    public TypeRegistry Registry { get; } = registry;

    /// <summary>The type index space.</summary>
    public DefinedType[] Types { get; } = types;

    /// <summary>The type of each function.</summary>
    public DefinedType[] FunctionTypes { get; internal set; } = [];

    public TableType[] TableTypes { get; internal set; } = [];

    public MemoryType[] MemoryTypes { get; internal set; } = [];

    public GlobalType[] GlobalTypes { get; internal set; } = [];

    /// <summary>The type of each tag: a function without results.</summary>
    public DefinedType[] TagTypes { get; internal set; } = [];

    /// <summary>The reference type of each element segment.</summary>
    public ValType[] ElementTypes { get; internal set; } = [];

    /// <summary>The bodies of functions. Set when all else of the module is validated.</summary>
    public FunctionBodies Bodies { get; internal set; } = null!;

    /// <summary>The function type at a type index that validation found to be one.</summary>
    public FuncType FuncType(int typeIndex) => (FuncType)Types[typeIndex].Composite;

    /// <summary>The parameters and results of a function.</summary>
    public FuncType FunctionSignature(int functionIndex) => (FuncType)FunctionTypes[functionIndex].Composite;

    /// <summary>The type of a thing in the index space of its kind.</summary>
    public ExternType Of(ExternKind kind, int index) => kind switch
    {
        ExternKind.Func => new FunctionType(FunctionTypes[index]),
        ExternKind.Table => TableTypes[index],
        ExternKind.Memory => MemoryTypes[index],
        ExternKind.Global => GlobalTypes[index],
        _ => new TagType(TagTypes[index]),
    };

    /// <summary>The operands that a block takes from the stack around it.</summary>
    public ValType[] BlockParameters(BlockType type) => type.Kind == BlockTypeKind.Type ? FuncType(type.TypeIndex).ParameterArray : [];

    /// <summary>The operands that a block leaves.</summary>
    public ValType[] BlockResults(BlockType type) => type.Kind switch
    {
        BlockTypeKind.Type => FuncType(type.TypeIndex).ResultArray,
        BlockTypeKind.Result => Single(Resolve(type.Result)),
        _ => [],
    };

    /// <summary>A type as decoded, with the module's type indices replaced by identities.</summary>
    public HeapType Resolve(HeapType type) => type.IsDefined ? HeapType.Defined(Types[type.Number].Id) : type;

    /// <inheritdoc cref="Resolve(HeapType)"/>
    public ValType Resolve(ValType type) =>
        type.IsRef && type.Heap.IsDefined ? ValType.Ref(type.IsNullable, Resolve(type.Heap)) : type;

    /// <summary>The list of one type.</summary>
    internal ValType[] Single(ValType type) => type.Kind switch
    {
        ValKind.I32 => I32,
        ValKind.I64 => I64,
        ValKind.F32 => F32,
        ValKind.F64 => F64,
        ValKind.V128 => V128,
        _ => _singles.GetOrAdd(type, static type => [type]),
    };
}
