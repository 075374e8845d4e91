namespace Fermata;

/// <summary>Something that the instances of a module make accessible (section 2.5.12 "Exports").</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
public sealed record ExportType(string Name, ExternType Type);
