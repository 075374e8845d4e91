using System.Globalization;
using Fermata.Binary;
using Fermata.Compilation;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Cli;

/// <summary>What there is to say about a module without running it.</summary>
/// <param name="module">The module.</param>
/// <param name="types">Its types.</param>
/// <param name="customProblems">What is wrong in its custom sections.</param>
internal sealed class ModuleReport(ModuleDefinition module, ModuleTypes types, IEnumerable<ModuleException> customProblems)
{
    private const int SuspendingShown = 10;

    private readonly SuspensionAnalysis _suspension = new(module, ImplicitSites.None);

    /// <summary>One line about the whole.</summary>
    public string Summary =>
        module.Names.ModuleName is { } name
            ? $"module {HostileText.Quoted(name)}, {Number(module.Bytes.Length)} bytes"
            : $"{Number(module.Bytes.Length)} bytes";

    public void Write(TextWriter output, bool allSuspending)
    {
        Section(output, "imports", module.Imports.ConvertAll(import =>
            $"{HostileText.Quoted(import.Module)} {HostileText.Quoted(import.Name)} {types.Of(import.Kind, import.Index)}"));
        Section(output, "exports", module.Exports.ConvertAll(export => $"{HostileText.Quoted(export.Name)} {types.Of(export.Kind, export.Index)}"));
        WriteCustomSections(output);
        WriteSizes(output);
        WriteStack(output);
        WriteSuspension(output, allSuspending);
    }

    private void WriteCustomSections(TextWriter output)
    {
        Section(output, "custom sections", module.CustomSections.ConvertAll(section =>
            $"{HostileText.Quoted(section.Name)} {Number(section.Content.Length)} bytes"));
        foreach (var problem in customProblems)
            output.WriteLine($"  what is wrong in them, and ignored: {problem.Message}");
    }

    private void WriteSizes(TextWriter output)
    {
        var bodies = module.Functions.Select(function => function.Body).OfType<FunctionBody>().ToList();
        (string What, string Size)[] rows =
        [
            ("functions", Defined(bodies.Count, module.ImportedFunctionCount)),
            ("code", $"{Sum(bodies.Select(body => body.Code.Length))} bytes, the largest function {Number(bodies.Select(body => body.Code.Length).DefaultIfEmpty().Max())}"),
            ("types", Number(module.Types.Count)),
            ("memories", Listed(module.Memories.ConvertAll(memory => (memory.IsImported, $"{memory.Type} of 64 KiB pages")))),
            ("tables", Listed(module.Tables.ConvertAll(table => (table.IsImported, $"{table.Type}")))),
            ("globals", Defined(module.Globals.Count - module.ImportedGlobalCount, module.ImportedGlobalCount)),
            ("tags", Defined(module.Tags.Count(tag => !tag.IsImported), module.Tags.Count(tag => tag.IsImported))),
            ("elements", $"{Sum(module.Elements.Select(segment => segment.Count))}, in segments: {Number(module.Elements.Count)}"),
            ("data", $"{Sum(module.Data.Select(segment => segment.Data.Length))} bytes, in segments: {Number(module.Data.Count)}"),
            ("start", module.Start is { } start ? Describe(start) : "none"),
        ];
        output.WriteLine("sizes");
        foreach (var (what, size) in rows)
            output.WriteLine($"  {what,-10} {size}");
    }

    private void WriteStack(TextWriter output)
    {
        if (StackSearch.Find(module, types) is not { } found)
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
        output.WriteLine($"C stack: its pointer is global {StackSearch.Describe(module, found.Global)}, {how}");
    }

    private void WriteSuspension(TextWriter output, bool all)
    {
        var defined = Enumerable.Range(module.ImportedFunctionCount, module.Functions.Count - module.ImportedFunctionCount);
        var suspending = defined.Where(_suspension.MaySuspend).ToList();
        output.WriteLine($"may suspend: {Number(suspending.Count)} of {Number(module.Functions.Count - module.ImportedFunctionCount)} functions");
        if (suspending.Count > 0)
            output.WriteLine("  (each calls an import, or a function reference, or another function of the list)");
        foreach (var function in all ? suspending : suspending.Take(SuspendingShown))
            output.WriteLine($"  {Describe(function)}");
        if (!all && suspending.Count > SuspendingShown)
            output.WriteLine($"  … and {Number(suspending.Count - SuspendingShown)} more; --all lists them");
    }

    private string Describe(int function) =>
        (module.Names.Function(function) ?? module.Exports.Find(export => export.Kind == ExternKind.Func && export.Index == function)?.Name) is { } name
            ? $"function {function} {HostileText.Quoted(name)}"
            : $"function {function}";

    private static void Section(TextWriter output, string title, List<string> lines)
    {
        output.WriteLine($"{title} ({lines.Count})");
        foreach (var line in lines)
            output.WriteLine($"  {line}");
    }

    private static string Listed(List<(bool IsImported, string Type)> things) =>
        string.Join(", ", things.Select(thing => thing.Type + (thing.IsImported ? " imported" : "")).DefaultIfEmpty("none"));

    private static string Defined(int defined, int imported) =>
        Number(defined) + (imported > 0 ? $", and {Number(imported)} imported" : "");

    private static string Sum(IEnumerable<int> numbers) => Number(numbers.Sum(number => (long)number));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
