using Fermata.Validation;

namespace Fermata;

/// <summary>Whether what a linker has fits what a module asks for (section 3.3.13 "External Types" of matching).</summary>
internal static class ImportMatching
{
    /// <summary>Checks one import.</summary>
    /// <param name="engine">The engine of both sides.</param>
    /// <param name="import">What the module asks for.</param>
    /// <param name="value">What it would get: a delegate, function, memory, table, global or tag.</param>
    /// <exception cref="LinkException">They do not match.</exception>
    public static void Require(Engine engine, ImportType import, object value)
    {
        if (!Matches(engine.Types, import.Type, value))
            throw LinkException.IncompatibleImportType(import.Module, import.Name, import.Type, TypeOf(engine, value));
    }

    private static bool Matches(TypeRegistry types, ExternType expected, object value) => (expected, value) switch
    {
        (FunctionType function, Delegate target) => DelegateSignature.Of(target.GetType()).FitsImport(function.Signature, types),
        (FunctionType function, Function found) => found.DefinedType.IsSubtypeOf(types.Get(function.TypeNumber)),
        (MemoryType memory, Memory found) => Matches(memory, found.Type),
        (TableType table, Table found) => Matches(table, found.Type),
        (GlobalType global, Global found) => Matches(types, global, found.Type),
        (TagType tag, Tag found) => found.DefinedType.Id == tag.TypeNumber,
        _ => false,
    };

    private static bool Matches(MemoryType expected, MemoryType found) =>
        expected.Is64 == found.Is64 && expected.IsShared == found.IsShared && Matches(expected.Limits, found.Limits);

    private static bool Matches(TableType expected, TableType found) =>
        expected.Is64 == found.Is64 && expected.Element == found.Element && Matches(expected.Limits, found.Limits);

    /// <summary>What can be written must be the same type, what can only be read may be a subtype.</summary>
    private static bool Matches(TypeRegistry types, GlobalType expected, GlobalType found) =>
        expected.IsMutable == found.IsMutable
        && (expected.IsMutable ? expected.Type == found.Type : types.IsSubtype(found.Type, expected.Type));

    private static bool Matches(Limits expected, Limits found) =>
        found.Min >= expected.Min && (expected.Max is not { } max || found.Max <= max);

    private static ExternType TypeOf(Engine engine, object value) => value switch
    {
        Delegate target => TypeOf(engine.Types.Intern(DelegateSignature.Of(target.GetType()).NaturalType)),
        Function function => TypeOf(function.DefinedType),
        Memory memory => memory.Type,
        Table table => table.Type,
        Global global => global.Type,
        _ => ((Tag)value).Type,
    };

    private static FunctionType TypeOf(DefinedType type) => new(type.Id, type.Func!);
}
