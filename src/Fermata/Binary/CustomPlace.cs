namespace Fermata.Binary;

/// <summary>The places between the sections of a module, as numbers in their order.</summary>
/// <remarks>
/// Appendix "Custom Annotations": the place after a section comes before the one before the next section, and a section that the
/// module does not have has its places too.
/// </remarks>
internal static class CustomPlace
{
    public const int First = 0;
    public const int Last = int.MaxValue;

    /// <summary>The place of a name section that is made of names: behind the data, and before sections that are to be last.</summary>
    /// <remarks>Toolchains write it there, with <c>producers</c> and <c>target_features</c> behind it.</remarks>
    public const int Names = Last - 1;

    /// <summary>The sections in the order of a module (section 5.5 "Modules"), and what annotations call them.</summary>
    private static readonly (SectionId Id, string Keyword)[] Sections =
    [
        (SectionId.Type, "type"), (SectionId.Import, "import"), (SectionId.Function, "func"), (SectionId.Table, "table"),
        (SectionId.Memory, "memory"), (SectionId.Tag, "tag"), (SectionId.Global, "global"), (SectionId.Export, "export"),
        (SectionId.Start, "start"), (SectionId.Element, "elem"), (SectionId.DataCount, "datacount"), (SectionId.Code, "code"),
        (SectionId.Data, "data"),
    ];

    /// <summary>The place before a section; null where there is none with the name.</summary>
    public static int? Before(string section) =>
        section == "first" ? First : Find(section) is >= 0 and var index ? PlaceBefore(index) : null;

    /// <summary>The place after a section; null where there is none with the name.</summary>
    public static int? After(string section) =>
        section == "last" ? Last : Find(section) is >= 0 and var index ? PlaceBefore(index) + 1 : null;

    /// <summary>The place before a section.</summary>
    public static int Before(SectionId section) => PlaceBefore(Find(section));

    /// <summary>The place after a section; for the id of custom sections, which have no place of their own, the first place.</summary>
    public static int After(SectionId section) => section == SectionId.Custom ? First : PlaceBefore(Find(section)) + 1;

    /// <summary>What annotations call a section.</summary>
    public static string Keyword(SectionId section) => Sections[Find(section)].Keyword;

    private static int Find(string keyword) => Array.FindIndex(Sections, section => section.Keyword == keyword);

    private static int Find(SectionId id) => Array.FindIndex(Sections, section => section.Id == id);

    private static int PlaceBefore(int index) => (index * 2) + 1;
}
