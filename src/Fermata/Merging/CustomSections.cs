using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Merging;

/// <summary>Tells which custom sections of the inputs the merged module can have.</summary>
internal static class CustomSections
{
    /// <summary>Sections that speak of offsets or indices of the module that they are in, or of how that was built.</summary>
    private static readonly string[] OfOneModule =
    [
        "build_id", "dylink", "dylink.0", "external_debug_info", "linking", "producers", "sourceMappingURL", "target_features",
    ];

    /// <summary>Beginnings of the names of such sections.</summary>
    private static readonly string[] Families = [".debug_", "metadata.code.", "reloc."];

    /// <summary>Whether the section says the same in another module. The name section does not: it is made anew.</summary>
    public static bool IsKept(CustomSectionDefinition section) => section.Name != "name" && !IsOfOneModule(section);

    /// <summary>What was left out of the inputs, as a line for people; null for nothing.</summary>
    public static string? NoteOn(IReadOnlyList<MergeInput> inputs)
    {
        var names = inputs.SelectMany(input => input.Definition.CustomSections).Where(IsOfOneModule).Select(section => section.Name);
        var list = string.Join(", ", names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(HostileText.Quoted));
        return list.Length == 0 ? null : $"left out custom sections that are about a single module: {list}";
    }

    private static bool IsOfOneModule(CustomSectionDefinition section) =>
        OfOneModule.Contains(section.Name, StringComparer.Ordinal)
        || Families.Any(family => section.Name.StartsWith(family, StringComparison.Ordinal));
}
