using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>Whether what there is for a module's imports fits what it asks for (section 3.3.16 "External Types" of matching).</summary>
/// <param name="module">The module.</param>
internal sealed class ImportMatching(Module module)
{
    private TypeRegistry Types => module.Engine.Types;

    /// <summary>Checks all imports.</summary>
    /// <param name="values">
    /// What each would get: a <see cref="HostDefinition"/>, function, memory, table, global or tag, an <see cref="OwnFunction"/> or a <see cref="MissingFunction"/>; null for nothing.
    /// </param>
    /// <exception cref="LinkException">Some do not match.</exception>
    /// <exception cref="ObjectDisposedException">A memory was freed.</exception>
    public void Require(ReadOnlySpan<object?> values)
    {
        List<LinkProblem>? problems = null;
        for (var i = 0; i < values.Length; i++)
        {
            if (FindProblem(module.Imports[i], values[i]) is { } problem)
                (problems ??= []).Add(problem);
        }

        if (problems is not null)
            throw new LinkException(problems);
    }

    private LinkProblem? FindProblem(ImportType import, object? value) => value switch
    {
        null => new LinkProblem(import.Module, import.Name, import.Type, found: null),
        MissingFunction => null,
        _ when Matches(import.Type, value) => null,
        _ => new LinkProblem(import.Module, import.Name, import.Type, TypeOf(value)),
    };

    private bool Matches(ExternType expected, object value) => (expected, value) switch
    {
        (FunctionType function, HostDefinition host) => host.Fits(function.Signature, Types),
        _ => Types.IsSubtype(TypeOf(value), expected),
    };

    private ExternType TypeOf(object value) => value switch
    {
        HostDefinition host => new FunctionType(host.Type),
        OwnFunction own => new FunctionType(module.Types.FunctionTypes[own.Index]),
        Function function => new FunctionType(function.DefinedType),
        Memory memory => memory.UsableType,
        Table table => table.Type,
        Global global => global.Type,
        _ => ((Tag)value).Type,
    };
}
