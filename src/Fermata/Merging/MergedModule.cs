namespace Fermata;

/// <summary>What became of modules that were merged.</summary>
public sealed class MergedModule
{
    internal MergedModule(byte[] bytes, int resolvedImports, int imports, int exports, IReadOnlyList<string> notes)
    {
        Bytes = bytes;
        ResolvedImports = resolvedImports;
        Imports = imports;
        Exports = exports;
        Notes = notes;
    }

    /// <summary>The module, valid, in the binary format.</summary>
    public byte[] Bytes { get; }

    /// <summary>How many imports of the modules were resolved.</summary>
    public int ResolvedImports { get; }

    /// <summary>How many imports are left.</summary>
    public int Imports { get; }

    /// <summary>How many exports there are.</summary>
    public int Exports { get; }

    /// <summary>What one may not expect: lines for people.</summary>
    public IReadOnlyList<string> Notes { get; }
}
