using Fermata.Validation;

namespace Fermata;

public sealed partial class Module
{
    /// <summary>All custom sections, in the order of the module, with those that the engine itself reads, such as <c>name</c>.</summary>
    public IReadOnlyList<CustomSection> CustomSections => field ??= Definition.CustomSections.ConvertAll(section =>
        new CustomSection(section.Name, Definition.Bytes.Slice(section.Content.Offset, section.Content.Length)));

    /// <summary>Checks the custom sections that the specification gives a format to: <c>name</c>, <c>metadata.code.branch_hint</c>.</summary>
    /// <remarks>
    /// Appendix "Custom Sections and Annotations". What is wrong in them does not keep a module from being loaded: the engine uses what
    /// is well-formed before it. This method is for tools that write modules.
    /// </remarks>
    /// <exception cref="MalformedModuleException">The bytes of a section are not of its format.</exception>
    /// <exception cref="InvalidModuleException">A section speaks of something that the module does not have, or that cannot be so.</exception>
    public void ValidateCustomSections() => CustomSectionValidator.Validate(Definition);
}
