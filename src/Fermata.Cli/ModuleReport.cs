using System.Globalization;
using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>What there is to say about a module without running it.</summary>
/// <param name="module">The module.</param>
internal sealed class ModuleReport(ModuleInfo module)
{
    private const int SuspendingShown = 10;

    private readonly List<FunctionInfo> _defined = [.. module.Functions.Where(function => !function.IsImported)];

    /// <summary>One line about the whole.</summary>
    public string Summary =>
        module.Name is { } name
            ? $"module {HostileText.Quoted(name)}, {Number(module.Bytes.Length)} bytes"
            : $"{Number(module.Bytes.Length)} bytes";

    public void Write(TextWriter output, bool allSuspending)
    {
        Section(output, "imports", module.Imports.Select(import =>
            $"{HostileText.Quoted(import.Module)} {HostileText.Quoted(import.Name)} {import.Type}"));
        Section(output, "exports", module.Exports.Select(export => $"{HostileText.Quoted(export.Name)} {export.Type}"));
        WriteCustomSections(output);
        WriteSizes(output);
        WriteStack(output);
        WriteSuspension(output, allSuspending);
    }

    private void WriteCustomSections(TextWriter output)
    {
        Section(output, "custom sections", module.CustomSections.Select(section =>
            $"{HostileText.Quoted(section.Name)} {Number(section.Content.Length)} bytes"));
        foreach (var problem in module.CustomSectionProblems)
            output.WriteLine($"  what is wrong in them, and ignored: {problem.Message}");
    }

    private void WriteSizes(TextWriter output)
    {
        (string What, string Size)[] rows =
        [
            ("functions", Defined(ExternKind.Func, module.Functions.Count)),
            ("code", $"{Sum(_defined.Select(function => function.CodeBytes))} bytes, the largest function {Number(_defined.Select(function => function.CodeBytes).DefaultIfEmpty().Max())}"),
            ("types", Number(module.TypeCount)),
            ("memories", Listed(ExternKind.Memory, module.Memories.Select(memory => $"{memory} of 64 KiB pages"))),
            ("tables", Listed(ExternKind.Table, module.Tables.Select(table => $"{table}"))),
            ("globals", Defined(ExternKind.Global, module.Globals.Count)),
            ("tags", Defined(ExternKind.Tag, module.Tags.Count)),
            ("elements", $"{Sum(module.ElementSegments)}, in segments: {Number(module.ElementSegments.Count)}"),
            ("data", $"{Sum(module.DataSegments)} bytes, in segments: {Number(module.DataSegments.Count)}"),
            ("start", module.StartFunction is { } start ? Describe(module.Functions[start]) : "none"),
        ];
        output.WriteLine("sizes");
        foreach (var (what, size) in rows)
            output.WriteLine($"  {what,-10} {size}");
    }

    private void WriteStack(TextWriter output)
    {
        if (module.StackPointer is not { } found)
        {
            output.WriteLine("C stack: none is found");
            return;
        }

        var how = found.Source switch
        {
            StackPointerSource.Export => "exported",
            StackPointerSource.NameSection => "named in the name section",
            StackPointerSource.Import => "imported",
            StackPointerSource.Accessor => "found by Emscripten's functions for it",
            _ => "found by the frames that functions take from it",
        };
        output.WriteLine($"C stack: its pointer is global {found.GlobalIndex}{(found.GlobalName is { } name ? " " + HostileText.Quoted(name) : "")}, {how}");
    }

    private void WriteSuspension(TextWriter output, bool all)
    {
        var suspending = _defined.Where(function => function.MaySuspend).ToList();
        output.WriteLine($"may suspend: {Number(suspending.Count)} of {Number(_defined.Count)} functions");
        if (suspending.Count > 0)
            output.WriteLine("  (each calls an import, or a function reference, or another function of the list)");
        foreach (var function in all ? suspending : suspending.Take(SuspendingShown))
            output.WriteLine($"  {Describe(function)}");
        if (!all && suspending.Count > SuspendingShown)
            output.WriteLine($"  … and {Number(suspending.Count - SuspendingShown)} more; --all lists them");
    }

    private static string Describe(FunctionInfo function) =>
        function.Name is { } name ? $"function {function.Index} {HostileText.Quoted(name)}" : $"function {function.Index}";

    private static void Section(TextWriter output, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        output.WriteLine($"{title} ({all.Count})");
        foreach (var line in all)
            output.WriteLine($"  {line}");
    }

    private int Imported(ExternKind kind) => module.Imports.Count(import => import.Type.Kind == kind);

    private string Listed(ExternKind kind, IEnumerable<string> types) =>
        string.Join(", ", types.Select((type, index) => type + (index < Imported(kind) ? " imported" : "")).DefaultIfEmpty("none"));

    private string Defined(ExternKind kind, int count)
    {
        var imported = Imported(kind);
        return Number(count - imported) + (imported > 0 ? $", and {Number(imported)} imported" : "");
    }

    private static string Sum(IEnumerable<int> numbers) => Number(numbers.Sum(number => (long)number));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
