using Fermata.Validation;

namespace Fermata.Hosting;

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
        if (!Matches(engine, import.Type, value))
            throw LinkException.IncompatibleImportType(import.Module, import.Name, import.Type, TypeOf(engine, value));
    }

    private static bool Matches(Engine engine, ExternType expected, object value) => (expected, value) switch
    {
        (FunctionType function, HostDefinition host) => host.Signature.FitsImport(function.Signature, engine.Types),
        _ => engine.Types.IsSubtype(TypeOf(engine, value), expected),
    };

    private static ExternType TypeOf(Engine engine, object value) => value switch
    {
        HostDefinition host => TypeOf(engine.Types.Intern(host.Signature.NaturalType)),
        Function function => TypeOf(function.DefinedType),
        Memory memory => memory.Type,
        Table table => table.Type,
        Global global => global.Type,
        _ => ((Tag)value).Type,
    };

    private static FunctionType TypeOf(DefinedType type) => new(type.Id, type.Func!);
}
