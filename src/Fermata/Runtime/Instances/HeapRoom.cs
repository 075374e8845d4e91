namespace Fermata.Runtime;

/// <summary>Whether the garbage-collected heap of the process, which the host needs too, has room for more objects of guests.</summary>
internal static class HeapRoom
{
    /// <summary>Code of guests may fill so much of what the process may have.</summary>
    private const double Share = 0.9;

    public static bool Has(long bytes) =>
        GC.GetTotalMemory(forceFullCollection: false) + bytes < Share * GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes;

    /// <summary>Makes as much room as there can be.</summary>
    public static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
}
