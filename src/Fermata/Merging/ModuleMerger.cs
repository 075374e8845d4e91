using Fermata.Binary;
using Fermata.Validation;

namespace Fermata.Merging;

/// <summary>Links modules statically: one module that does what instances of them do that import from each other.</summary>
/// <remarks>
/// Unlike instances, modules may import from each other in a circle. All segments are copied before any start function runs. Time and
/// memory are linear in the length of the modules.
/// </remarks>
internal sealed class ModuleMerger
{
    /// <summary>The length of all inputs together: an index may become five times as long, and the result is one array.</summary>
    private const int MaxBytes = 256 << 20;

    private readonly IReadOnlyList<MergeInput> _inputs;
    private readonly ImportResolution _resolution;
    private readonly IReadOnlyList<Item> _globals;
    private readonly MergedIndices _indices;

    private readonly Predicate<MergeInput> _hasCStack;

    private ModuleMerger(IReadOnlyList<MergeInput> inputs, Predicate<MergeInput> hasCStack)
    {
        _inputs = inputs;
        _hasCStack = hasCStack;
        _resolution = ImportResolution.Of(inputs);
        _globals = GlobalOrder.Of(inputs, _resolution);
        _indices = MergedIndices.Of(inputs, _resolution, _globals);
    }

    /// <summary>Merges modules.</summary>
    /// <param name="inputs">The modules, at least one, with types of one registry. Several may have one name.</param>
    /// <param name="renamesConflicts">Whether an export whose name is taken becomes <c>NAME.name</c>, after its module.</param>
    /// <param name="hasCStack">Whether whoever runs the module will look for a C stack of this input, in the first memory.</param>
    /// <returns>The merged module, which is not validated.</returns>
    /// <exception cref="MergeException">The modules do not fit together.</exception>
    /// <exception cref="IndexOutOfRangeException">A function of an input is not valid.</exception>
    public static MergedModule Merge(IReadOnlyList<MergeInput> inputs, bool renamesConflicts, Predicate<MergeInput> hasCStack)
    {
        var length = inputs.Sum(input => (long)input.Definition.Bytes.Length);
        if (length > MaxBytes)
            throw new MergeException($"the modules have {length} bytes together, and the limit is {MaxBytes}");
        var merger = new ModuleMerger(inputs, hasCStack);
        merger.CheckTables();
        var exports = new MergedExports(merger._indices, renamesConflicts);
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].KeepsExports)
                exports.Add(inputs[i], i);
        }

        return merger.Write(exports.All);
    }

    private MergedModule Write(IReadOnlyList<Export> exports)
    {
        var start = MergeStarts();
        var parts = _indices.Parts;
        var sections = parts.SelectMany(part => part.Definition.CustomSections.Where(CustomSections.IsKept), (part, section) => (part, section));
        var bytes = ModuleWriter.Write(new ModuleOutput(
            parts,
            _indices.Types.Groups,
            _indices.Imports,
            [.. _globals.Select(item => (parts[item.Input], parts[item.Input].Definition.Globals[item.Index]))],
            exports,
            start,
            [.. sections],
            WritesNames: true));
        return new MergedModule(bytes, _resolution.ResolvedCount, _indices.Imports.Count, exports.Count, Notes());
    }

    /// <summary>The only start function, or a new one that calls all in the order of the inputs; null for none.</summary>
    private int? MergeStarts()
    {
        var starts = new List<int>();
        for (var i = 0; i < _inputs.Count; i++)
        {
            if (_inputs[i].Definition.Start is { } start)
                starts.Add(_indices.Of(new Item(i, ExternKind.Func, start)));
        }

        if (starts.Count <= 1)
            return starts is [var only] ? only : null;
        var part = _indices.Append(StartFunctions.Caller(starts.Count, _inputs[0].Types.Registry), starts);
        return part.Indices.Map(NameSubsection.Function, starts.Count);
    }

    /// <summary>Section 3.5.13 "Modules": the initial value of a table sees imported globals alone, and some may be imports no more.</summary>
    private void CheckTables()
    {
        for (var i = 0; i < _inputs.Count; i++)
        {
            var module = _inputs[i].Definition;
            foreach (var initializer in module.Tables.Select(table => table.Initializer).OfType<ByteRange>())
            {
                if (GlobalOrder.Reads(module, initializer).Exists(global => !_resolution.IsImport(new Item(i, ExternKind.Global, global))))
                    throw new MergeException(_inputs[i], "the initial value of a table reads a global of another input, and may read only globals that stay imports");
            }
        }
    }

    private List<string> Notes()
    {
        var notes = _resolution.Missing.ConvertAll(_resolution.DescribeMissing);
        if (CustomSections.NoteOn(_inputs) is { } left)
            notes.Add(left);
        notes.AddRange(_inputs.Select(NoteOnNames).OfType<string>());
        notes.AddRange(_inputs.Where((input, i) => HasStackElsewhere(input, i)).Select(input =>
            $"{input.File}: its C stack is not in the first memory of the merged module; merge this file first, or use ShadowStackPolicy.None"));
        return notes;
    }

    /// <summary>What people read of an input whose names could not be read; null for nothing.</summary>
    private static string? NoteOnNames(MergeInput input) =>
        CustomSectionValidator.FindNameProblems(input.Definition) is [var problem, ..]
            ? $"{input.File}: its names may be missing, as its name section is wrong: {problem.Problem}"
            : null;

    /// <summary>Whether the host would look for a C stack in another memory than the input has it in.</summary>
    private bool HasStackElsewhere(MergeInput input, int number) =>
        input.Definition.Memories.Count > 0 && _hasCStack(input) && _indices.Of(new Item(number, ExternKind.Memory, 0)) != 0;
}
