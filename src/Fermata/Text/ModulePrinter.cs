using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Prints modules in the text format (section 6.6 "Modules").</summary>
/// <remarks>
/// All indices are those of the module: types are used by index, definitions come in the order of the binary format. So what is
/// assembled from the text is the module again, but for what the text format does not say: how numbers were encoded, a data count
/// section that no instruction needs. Time is linear in the length of the text, and the text in that of the module.
/// </remarks>
internal sealed partial class ModulePrinter
{
    private readonly ModuleDefinition _module;
    private readonly TextStyle _style;
    private readonly TextBuffer _text;
    private readonly PrintedNames _names;
    private readonly BranchHints _hints;
    private readonly TypePrinter _types;
    private readonly FoldedPrinter _folded;
    private readonly FlatPrinter _flat;

    private ModulePrinter(ModuleDefinition module, TextWriter writer, TextStyle style)
    {
        _module = module;
        _style = style;
        _text = new TextBuffer(writer);
        _names = new PrintedNames(module);
        _hints = new BranchHints(module);
        _types = new TypePrinter(module, _names, _text);
        var instructions = new InstructionPrinter(module, _names, _text);
        _folded = new FoldedPrinter(module, _names, instructions, _hints, _text);
        _flat = new FlatPrinter(module, instructions, _hints, _text);
    }

    /// <summary>Prints a module.</summary>
    /// <param name="module">The module, which is valid.</param>
    /// <param name="writer">Takes the text.</param>
    /// <param name="style">How instructions are written.</param>
    public static void Print(ModuleDefinition module, TextWriter writer, TextStyle style) =>
        new ModulePrinter(module, writer, style).Print();

    private void Print()
    {
        _text.Append("(module");
        PrintModuleName();
        PrintTypes();
        foreach (var import in _module.Imports)
            PrintImport(import);
        PrintDefinitions();
        foreach (var export in _module.Exports)
            PrintExport(export);
        if (_module.Start is { } start)
            Begin("start").Append(' ').Append(_names[NameSubsection.Function].Reference(start)).Append(')');
        for (var i = 0; i < _module.Elements.Count; i++)
            PrintElements(_module.Elements[i], i);
        for (var i = _module.ImportedFunctionCount; i < _module.Functions.Count; i++)
            PrintFunction(_module.Functions[i], i);
        for (var i = 0; i < _module.Data.Count; i++)
            PrintData(_module.Data[i], i);
        PrintCustomSections();
        _text.Append(")\n").Flush();
    }

    /// <summary>Begins a field on a line of its own.</summary>
    private TextBuffer Begin(string keyword) => _text.NewLine(1).Append('(').Append(keyword);

    /// <summary>Begins a field that defines something.</summary>
    private void Begin(string keyword, NameSubsection space, int index)
    {
        Begin(keyword);
        _names[space].AppendDefinition(_text, index);
    }

    private void PrintModuleName()
    {
        if (_module.Names.ModuleName is not { } name)
            return;
        if (Identifiers.CanBeIdentifier(name))
            _text.Append(' ').Append(QuotedText.Identifier(name));
        else
            Identifiers.AppendAnnotation(_text, name);
    }

    private void PrintTypes()
    {
        foreach (var group in _module.RecTypes)
        {
            var isAlone = group.Members.Length == 1;
            if (!isAlone)
                Begin("rec");
            for (var i = 0; i < group.Members.Length; i++)
            {
                _text.NewLine(isAlone ? 1 : 2).Append("(type");
                _names[NameSubsection.Type].AppendDefinition(_text, group.FirstIndex + i);
                _text.Append(' ');
                _types.Append(group.Members[i], group.FirstIndex + i);
                _text.Append(')');
            }

            if (!isAlone)
                _text.Append(')');
        }
    }

    private void PrintExport(Export export)
    {
        Begin("export").Append(' ');
        QuotedText.AppendName(_text, export.Name);
        _text.Append(" (").Append(Keyword(export.Kind)).Append(' ');
        _text.Append(_names[IndexMap.SpaceOf(export.Kind)].Reference(export.Index)).Append("))");
    }

    /// <summary>The name section is told by identifiers, if they can, and branch hints by annotations in code.</summary>
    private void PrintCustomSections()
    {
        var isAfterNames = false;
        foreach (var section in _module.CustomSections)
        {
            if (section == _names.Section)
                isAfterNames = true;
            else if (section != _hints.Section)
                PrintCustomSection(section, isAfterNames ? "after last" : PlaceOf(section));
        }
    }

    private static string PlaceOf(CustomSectionDefinition section) =>
        section.AfterSection == 0 ? "before first" : $"after {CustomPlace.Keyword((SectionId)section.AfterSection)}";

    private void PrintCustomSection(CustomSectionDefinition section, string place)
    {
        Begin("@custom").Append(' ');
        QuotedText.AppendName(_text, section.Name);
        _text.Append($" ({place})");
        PrintBytes(section.Content);
        _text.Append(')');
    }

    private static string Keyword(ExternKind kind) => kind switch
    {
        ExternKind.Func => "func",
        ExternKind.Table => "table",
        ExternKind.Memory => "memory",
        ExternKind.Global => "global",
        _ => "tag",
    };
}
