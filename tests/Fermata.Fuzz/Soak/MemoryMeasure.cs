namespace Fermata.Fuzz.Soak;

/// <summary>What a run has of the process's memory, beside what its limits allow.</summary>
internal sealed class MemoryMeasure
{
    private const double Tolerance = 1.1;

    /// <summary>What the shapes of <see cref="Shapes"/> can keep in globals, in bytes: an array and a list. Code that runs can keep more, see <see cref="Running"/>.</summary>
    private const long Kept = 16 << 20;

    /// <summary>What the runtime needs for code, threads and collecting, in bytes.</summary>
    private const long Overhead = 64 << 20;

    private readonly long _heap;
    private readonly long _native;
    private readonly long _allowedRunning;
    private readonly long _allowedEnded;
    private readonly long _allowedNative;

    public MemoryMeasure(SoakPlan plan, EngineOptions engine)
    {
        (_heap, _native) = Measure();
        _allowedNative = (long)(Tolerance * plan.MaxMemoryBytes) + Overhead;

        // An element is a reference. Frames are where those of a call are gathered while its stack unwinds, and then on the stack of the call.
        var gathered = Math.Max(engine.MaxStackBytes, engine.MaxNativeStackBytes);
        long AllowedHeap(long objects) => (long)(Tolerance * (8 * plan.MaxTableElements + gathered + plan.MaxStackBytes + objects)) + (Overhead / 8);
        _allowedRunning = plan.MaxObjectBytes == long.MaxValue ? long.MaxValue : AllowedHeap(plan.MaxObjectBytes);
        _allowedEnded = AllowedHeap(Math.Min(Kept, plan.MaxObjectBytes));
    }

    /// <summary>What is wrong while the calls run; null if nothing is.</summary>
    /// <remarks>
    /// In a function with very many variables the JIT does not follow which are still needed, so that each activation may keep the arrays that it made though no global has them any more.
    /// How many there are then, only a limit of the store says; objects that are kept so count for it.
    /// </remarks>
    public string? Running() => Compare(_allowedRunning, "while calls run");

    /// <summary>What is wrong when the calls have ended.</summary>
    public string? Ended(Instance instance, bool isDisposed)
    {
        var problem = Compare(_allowedEnded, isDisposed ? "when the store is disposed" : "when the calls have ended");
        GC.KeepAlive(instance);
        return problem;
    }

    private string? Compare(long allowedHeap, string when)
    {
        var (heap, native) = Measure();
        if (heap - _heap > allowedHeap)
            return $"{heap - _heap} bytes on the heap {when}, and {allowedHeap} are allowed";
        return native - _native > _allowedNative ? $"{native - _native} bytes beside the heap {when}, and {_allowedNative} are allowed" : null;
    }

    /// <summary>What a collection finds alive: a look at the heap afterwards would count what code that runs has dropped since.</summary>
    private static (long Heap, long Native) Measure()
    {
        GC.Collect();
        return (GC.GetGCMemoryInfo(GCKind.FullBlocking).PromotedBytes, Environment.WorkingSet - GC.GetGCMemoryInfo().TotalCommittedBytes);
    }
}
