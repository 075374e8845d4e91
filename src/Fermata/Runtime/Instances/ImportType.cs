namespace Fermata;

/// <summary>Something that a module needs to be given (section 2.5.11 "Imports").</summary>
/// <param name="Module">The first part of its name.</param>
/// <param name="Name">The second part of its name.</param>
/// <param name="Type">Its type.</param>
public sealed record ImportType(string Module, string Name, ExternType Type);
