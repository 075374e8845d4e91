using Fermata.Binary;
using Fermata.Merging;
using Fermata.Text;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Tests.Merging;

/// <summary>Merges modules in the text format. The file of each is called as the module, with <c>.wat</c>, unless it is given.</summary>
internal static class Merging
{
    public static MergedModule Merge(params ReadOnlySpan<(string Name, string Text)> modules) => Merge(renamesConflicts: false, modules);

    public static MergedModule Merge(params (string Name, byte[] Bytes)[] modules) =>
        Merge(renamesConflicts: false, modules.Select(module => (module.Name, module.Name + ".wat", module.Bytes)));

    public static MergedModule Merge(bool renamesConflicts, params ReadOnlySpan<(string Name, string Text)> modules)
    {
        var binary = new List<(string, string, byte[])>();
        foreach (var (name, text) in modules)
            binary.Add((name, name + ".wat", TextModule.Assemble(text).Binary));
        return Merge(renamesConflicts, binary);
    }

    public static MergedModule Merge(bool renamesConflicts, IEnumerable<(string Name, string File, string Text)> modules) =>
        Merge(renamesConflicts, modules.Select(module => (module.Name, module.File, TextModule.Assemble(module.Text).Binary)));

    private static MergedModule Merge(bool renamesConflicts, IEnumerable<(string Name, string File, byte[] Bytes)> modules)
    {
        var registry = new TypeRegistry();
        return ModuleMerger.Merge(
            [.. modules.Select(module => MergeInput.Read(module.Name, module.File, module.Bytes, registry))],
            renamesConflicts,
            input => StackSearch.Find(input.Definition, input.Types) is not null);
    }

    public static ModuleDefinition Decode(this MergedModule merged) => ModuleDecoder.Decode(merged.Bytes);

    public static string Failure(params (string Name, string Text)[] modules) =>
        Assert.Throws<MergeException>(() => Merge(modules)).Message;
}
