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

    /// <summary>What the instance makes accessible, in the order of its module. <see cref="Module.Exports"/> has the names and types alone.</summary>
    public IReadOnlyList<InstanceExport> Exports =>
        field ??= [.. Module.Exports.Zip(Module.Definition.Exports, (type, export) => new InstanceExport(type, GetExport(export)))];

    /// <summary>An exported function.</summary>
    /// <param name="name">The name of the export.</param>
    /// <returns>Always the same object for the same function.</returns>
    /// <exception cref="KeyNotFoundException">The instance exports no function with this name.</exception>
    public Function GetFunction(string name) => Get<Function>(ExternKind.Func, name);

    /// <summary>An exported function, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="function">The function; null if the instance exports no function with this name.</param>
    public bool TryGetFunction(string name, [NotNullWhen(true)] out Function? function) =>
        (function = Find<Function>(ExternKind.Func, name)) is not null;

    /// <summary>An exported memory.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">The instance exports no memory with this name.</exception>
    public Memory GetMemory(string name) => Get<Memory>(ExternKind.Memory, name);

    /// <summary>An exported memory, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="memory">The memory; null if the instance exports no memory with this name.</param>
    public bool TryGetMemory(string name, [NotNullWhen(true)] out Memory? memory) =>
        (memory = Find<Memory>(ExternKind.Memory, name)) is not null;

    /// <summary>An exported table.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">The instance exports no table with this name.</exception>
    public Table GetTable(string name) => Get<Table>(ExternKind.Table, name);

    /// <summary>An exported table, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="table">The table; null if the instance exports no table with this name.</param>
    public bool TryGetTable(string name, [NotNullWhen(true)] out Table? table) =>
        (table = Find<Table>(ExternKind.Table, name)) is not null;

    /// <summary>An exported global.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">The instance exports no global with this name.</exception>
    public Global GetGlobal(string name) => Get<Global>(ExternKind.Global, name);

    /// <summary>An exported global, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="global">The global; null if the instance exports no global with this name.</param>
    public bool TryGetGlobal(string name, [NotNullWhen(true)] out Global? global) =>
        (global = Find<Global>(ExternKind.Global, name)) is not null;

    /// <summary>An exported tag.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">The instance exports no tag with this name.</exception>
    public Tag GetTag(string name) => Get<Tag>(ExternKind.Tag, name);

    /// <summary>An exported tag, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="tag">The tag; null if the instance exports no tag with this name.</param>
    public bool TryGetTag(string name, [NotNullWhen(true)] out Tag? tag) =>
        (tag = Find<Tag>(ExternKind.Tag, name)) is not null;

    /// <summary>The exported thing itself: a function, memory, table, global or tag.</summary>
    internal object GetExport(Export export) => export.Kind switch
    {
        ExternKind.Func => FunctionAt(export.Index),
        ExternKind.Table => Tables[export.Index],
        ExternKind.Memory => Memories[export.Index],
        ExternKind.Global => Globals[export.Index],
        _ => Tags[export.Index],
    };

    /// <summary>What is exported with a name; null if there is nothing of that kind.</summary>
    internal T? Find<T>(ExternKind kind, string name)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(name);
        return Module.FindExport(name) is { } export && export.Kind == kind ? (T)GetExport(export) : null;
    }

    private T Get<T>(ExternKind kind, string name)
        where T : class => Find<T>(kind, name) ?? throw NotFound(kind, name);

    private KeyNotFoundException NotFound(ExternKind kind, string name)
    {
        var (quoted, (one, many)) = (HostileText.Quoted(name), Words(kind));
        if (Module.FindExport(name) is { } other)
            return new KeyNotFoundException($"The export {quoted} is not a {one} but a {Words(other.Kind).One}.");

        var names = Module.Exports.Where(export => export.Type.Kind == kind).Select(export => HostileText.Quoted(export.Name)).ToList();
        if (names.Count == 0)
            return new KeyNotFoundException($"There is no exported {one} {quoted}; the instance exports no {many}.");
        var shown = string.Join(", ", names.Take(MostNamesInMessage));
        var more = names.Count > MostNamesInMessage ? $" and {names.Count - MostNamesInMessage} more" : "";
        return new KeyNotFoundException($"There is no exported {one} {quoted}; there are {shown}{more}.");
    }

    private static (string One, string Many) Words(ExternKind kind) => kind switch
    {
        ExternKind.Func => ("function", "functions"),
        ExternKind.Table => ("table", "tables"),
        ExternKind.Memory => ("memory", "memories"),
        ExternKind.Global => ("global", "globals"),
        _ => ("tag", "tags"),
    };
}
