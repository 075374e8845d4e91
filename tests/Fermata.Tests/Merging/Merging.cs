using Fermata.Binary;
using Fermata.Merging;
using Fermata.Text;
using Fermata.Validation;

namespace Fermata.Tests.Merging;

/// <summary>Merges modules in the text format. The file of each is called as the module, with <c>.wat</c>.</summary>
internal static class Merging
{
    public static MergedModule Merge(params ReadOnlySpan<(string Name, string Text)> modules) => Merge(renamesConflicts: false, modules);

    public static MergedModule Merge(params ReadOnlySpan<(string Name, byte[] Bytes)> modules) => Merge(renamesConflicts: false, modules);

    public static MergedModule Merge(bool renamesConflicts, params ReadOnlySpan<(string Name, string Text)> modules)
    {
        var binary = new List<(string, byte[])>();
        foreach (var (name, text) in modules)
            binary.Add((name, TextModule.Assemble(text).Binary));
        return Merge(renamesConflicts, [.. binary]);
    }

    private static MergedModule Merge(bool renamesConflicts, ReadOnlySpan<(string Name, byte[] Bytes)> modules)
    {
        var registry = new TypeRegistry();
        var inputs = new List<MergeInput>();
        foreach (var (name, bytes) in modules)
            inputs.Add(MergeInput.Read(name, name + ".wat", bytes, registry));
        return ModuleMerger.Merge(inputs, renamesConflicts);
    }

    public static ModuleDefinition Decode(this MergedModule merged) => ModuleDecoder.Decode(merged.Bytes);

    public static string Failure(params (string Name, string Text)[] modules) =>
        Assert.Throws<MergeException>(() => Merge(modules)).Message;
}
