using Fermata.Binary;

namespace Fermata.Validation;

/// <summary>Checks the custom sections whose format the specification gives, in a module that is valid without them.</summary>
/// <remarks>Appendix "Custom Sections and Annotations". Time is linear in the length of the module.</remarks>
internal static class CustomSectionValidator
{
    /// <exception cref="MalformedModuleException">The bytes of a section are not of its format.</exception>
    /// <exception cref="InvalidModuleException">A section does not fit the module.</exception>
    public static void Validate(ModuleDefinition module)
    {
        ValidateOnly("name", NameSectionValidator.Validate);
        ValidateOnly("metadata.code.branch_hint", (module, content) => BranchHintReader.Read(module, content));

        void ValidateOnly(string name, Action<ModuleDefinition, ByteRange> validate)
        {
            var sections = module.CustomSections.FindAll(section => section.Name == name);
            if (sections.Count > 1)
                throw new MalformedModuleException($"custom @{name}: multiple sections", sections[1].Content.Offset);
            if (sections.Count == 1)
                validate(module, sections[0].Content);
        }
    }
}
