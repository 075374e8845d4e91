using Fermata.Binary;

namespace Fermata.Validation;

/// <summary>Checks the custom sections whose format the specification gives, in a module that is valid without them.</summary>
/// <remarks>Appendix "Custom Sections and Annotations". Time is linear in the length of the module.</remarks>
internal static class CustomSectionValidator
{
    /// <summary>What is wrong in the sections; of the bytes of branch hints the first problem only.</summary>
    public static IReadOnlyList<ModuleException> FindProblems(ModuleDefinition module) =>
        [.. FindNameProblems(module), .. FindProblems(module, "metadata.code.branch_hint", FindHintProblems)];

    /// <summary>What is wrong in the name section.</summary>
    public static IReadOnlyList<ModuleException> FindNameProblems(ModuleDefinition module) =>
        FindProblems(module, "name", NameSectionValidator.FindProblems);

    /// <summary>The problems of the first section with a name, which is the one that is used, and that there is another one.</summary>
    private static IReadOnlyList<ModuleException> FindProblems(
        ModuleDefinition module, string name, Func<ModuleDefinition, ByteRange, IReadOnlyList<ModuleException>> find)
    {
        var sections = module.CustomSections.FindAll(section => section.Name == name);
        if (sections.Count == 0)
            return [];
        var problems = find(module, sections[0].Content);
        return sections.Count == 1
            ? problems
            : [new MalformedModuleException($"custom @{name}: multiple sections", sections[1].Content.Offset), .. problems];
    }

    private static IReadOnlyList<ModuleException> FindHintProblems(ModuleDefinition module, ByteRange content)
    {
        try
        {
            BranchHintReader.Read(module, content, out _);
            return [];
        }
        catch (ModuleException e)
        {
            return [e];
        }
    }
}
