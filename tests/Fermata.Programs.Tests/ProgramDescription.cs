namespace Fermata.Programs.Tests;

/// <summary>Where a program is and how it is called, in <c>programs.json</c>, which Node reads too.</summary>
/// <param name="Package">The npm package that it comes with.</param>
/// <param name="Module">The path of its module in the package.</param>
/// <param name="Archive">The path of its files in the package, compressed; null if it needs none.</param>
/// <param name="Arguments">What it is called with to run a script, whose path takes the place of <c>{script}</c>.</param>
/// <param name="ReadsScript">Whether it reads the script from standard input.</param>
internal sealed record ProgramDescription(string Package, string Module, string? Archive, string[] Arguments, bool ReadsScript);
