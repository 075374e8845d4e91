using Fermata.Binary;

namespace Fermata.Text;

/// <summary>The branch hints of a module, to be printed as annotations (appendix "Branch Hints").</summary>
internal sealed class BranchHints
{
    public const string SectionName = "metadata.code.branch_hint";

    private readonly IReadOnlyDictionary<int, byte> _values = new Dictionary<int, byte>();

    public BranchHints(ModuleDefinition module)
    {
        if (module.CustomSections.FindAll(section => section.Name == SectionName) is not [var section] || !IsRightBeforeCode(section, module))
            return;
        try
        {
            var values = BranchHintReader.Read(module, section.Content, out var hasEmptyList);
            if (hasEmptyList)
                return;
            _values = values;
            Section = section;
        }
        catch (ModuleException)
        {
            // The section is no part of the module's meaning, and is printed as bytes.
        }
    }

    /// <summary>The section, if annotations can tell all of it and its place; null otherwise or without one.</summary>
    public CustomSectionDefinition? Section { get; }

    /// <summary>Whether no section is between this one and the code, as the assembler has it.</summary>
    private static bool IsRightBeforeCode(CustomSectionDefinition section, ModuleDefinition module) =>
        module.SectionAfter(section.AfterSection) == (int)SectionId.Code
        && module.CustomSections.FindLast(other => other.AfterSection == section.AfterSection) == section;

    /// <summary>Whether there is a hint for the instruction at a byte offset.</summary>
    public bool Has(int offset) => _values.ContainsKey(offset);

    /// <summary>Appends the annotation for the instruction at a byte offset, if it has a hint, on a line.</summary>
    public void Append(TextBuffer to, int offset, int level)
    {
        if (_values.TryGetValue(offset, out var value))
            to.NewLine(level).Append("(@").Append(SectionName).Append(value == 0 ? " \"\\00\")" : " \"\\01\")");
    }
}
