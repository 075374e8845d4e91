using System.Diagnostics.CodeAnalysis;
using Fermata.Binary;
using Fermata.Structure;

namespace Fermata;

public abstract partial class Instance
{
    private const int MostNamesInMessage = 20;

    // By index, the imported ones first.
    internal Memory[] Memories = [];
    internal Table[] Tables = [];
    internal Global[] Globals = [];
    internal Tag[] Tags = [];

    /// <summary>What the instance makes accessible, in the order of its module.</summary>
    public IReadOnlyList<ExportType> Exports => Module.Exports;

    /// <summary>An exported function.</summary>
    /// <param name="name">The name of the export.</param>
    /// <returns>Always the same object for the same function.</returns>
    /// <exception cref="KeyNotFoundException">The instance exports no function with this name.</exception>
    public Function GetFunction(string name) => TryGetFunction(name, out var function) ? function : throw NoFunction(name);

    /// <summary>An exported function, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="function">The function; null if the instance exports no function with this name.</param>
    public bool TryGetFunction(string name, [NotNullWhen(true)] out Function? function)
    {
        function = Find(ExternKind.Func, name) is { } export ? FunctionAt(export.Index) : null;
        return function is not null;
    }

    /// <summary>An exported memory; null if the instance exports no memory with this name.</summary>
    /// <param name="name">The name of the export.</param>
    public Memory? GetMemory(string name) => Find(ExternKind.Memory, name) is { } export ? Memories[export.Index] : null;

    /// <summary>An exported table; null if the instance exports no table with this name.</summary>
    /// <param name="name">The name of the export.</param>
    public Table? GetTable(string name) => Find(ExternKind.Table, name) is { } export ? Tables[export.Index] : null;

    /// <summary>An exported global; null if the instance exports no global with this name.</summary>
    /// <param name="name">The name of the export.</param>
    public Global? GetGlobal(string name) => Find(ExternKind.Global, name) is { } export ? Globals[export.Index] : null;

    /// <summary>An exported tag; null if the instance exports no tag with this name.</summary>
    /// <param name="name">The name of the export.</param>
    public Tag? GetTag(string name) => Find(ExternKind.Tag, name) is { } export ? Tags[export.Index] : null;

    /// <summary>The exported thing itself: a function, memory, table, global or tag.</summary>
    internal object GetExport(Export export) => export.Kind switch
    {
        ExternKind.Func => FunctionAt(export.Index),
        ExternKind.Table => Tables[export.Index],
        ExternKind.Memory => Memories[export.Index],
        ExternKind.Global => Globals[export.Index],
        _ => Tags[export.Index],
    };

    private Export? Find(ExternKind kind, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Module.FindExport(name) is { } export && export.Kind == kind ? export : null;
    }

    private KeyNotFoundException NoFunction(string name)
    {
        var quoted = HostileText.Quoted(name);
        if (Module.FindExport(name) is { } other)
            return new KeyNotFoundException($"The export {quoted} is not a function but a {other.Kind.ToString().ToLowerInvariant()}.");

        var names = Exports.Where(export => export.Type.Kind == ExternKind.Func).Select(export => HostileText.Quoted(export.Name)).ToList();
        if (names.Count == 0)
            return new KeyNotFoundException($"There is no exported function {quoted}; the instance exports no functions.");
        var shown = string.Join(", ", names.Take(MostNamesInMessage));
        var more = names.Count > MostNamesInMessage ? $" and {names.Count - MostNamesInMessage} more" : "";
        return new KeyNotFoundException($"There is no exported function {quoted}; there are {shown}{more}.");
    }
}
