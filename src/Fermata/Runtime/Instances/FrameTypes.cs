namespace Fermata.Runtime;

/// <summary>The types of a function's frames.</summary>
/// <param name="Sites">Those of its call sites, by number.</param>
/// <param name="Results">Those of what it returns.</param>
internal sealed record FrameTypes(SiteTypes[] Sites, ValType[] Results);
