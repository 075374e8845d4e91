using Fermata.Validation;

namespace Fermata;

public sealed partial class Module
{
    /// <summary>All custom sections, in the order of the module, with those that the engine itself reads, such as <c>name</c>.</summary>
    public IReadOnlyList<CustomSection> CustomSections => field ??= Definition.CustomSections.ConvertAll(section =>
        new CustomSection(section.Name, Definition.Bytes.Slice(section.Content.Offset, section.Content.Length)));

    /// <summary>What is wrong in the custom sections that the specification gives a format to: <c>name</c>, <c>metadata.code.branch_hint</c>.</summary>
    /// <remarks>
    /// <para>
    /// Appendix "Custom Sections and Annotations". What is wrong in them does not keep a module from being loaded: the engine uses what is
    /// well-formed before it. So names that stand behind such a place in their subsection are missing in traces and messages.
    /// </para>
    /// <para>
    /// A <see cref="MalformedModuleException"/> is about bytes that are not of the format, an <see cref="InvalidModuleException"/> about
    /// something that the module does not have, or that cannot be so. Offsets are those in the binary format, for text too.
    /// </para>
    /// </remarks>
    public IReadOnlyList<ModuleException> CustomSectionProblems => field ??= CustomSectionValidator.FindProblems(Definition);

    /// <summary>Throws the first of <see cref="CustomSectionProblems"/>, if there are any. This method is for tools that write modules.</summary>
    /// <exception cref="MalformedModuleException">The bytes of a section are not of its format.</exception>
    /// <exception cref="InvalidModuleException">A section speaks of something that the module does not have, or that cannot be so.</exception>
    public void ValidateCustomSections()
    {
        if (CustomSectionValidator.FindProblems(Definition) is [var first, ..])
            throw first;
    }
}
