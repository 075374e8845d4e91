namespace Fermata.Merging;

/// <summary>What became of modules that were merged.</summary>
/// <param name="Bytes">The module, valid.</param>
/// <param name="ResolvedImports">How many imports of the inputs were resolved.</param>
/// <param name="Imports">How many imports are left.</param>
/// <param name="Exports">How many exports there are.</param>
/// <param name="Notes">What the user may not expect: lines for people.</param>
internal sealed record MergedModule(byte[] Bytes, int ResolvedImports, int Imports, int Exports, IReadOnlyList<string> Notes);
