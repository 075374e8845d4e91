namespace Fermata.Runtime;

/// <summary>A C stack whose fibers run in regions of their own, so that nothing is copied. What is no fiber runs on the stack itself.</summary>
/// <remarks>
/// A fiber that started before the stack was known is on the stack too, and has no region; what it leaves there is copied.
/// </remarks>
/// <param name="pointer">The stack pointer: a mutable i32 or i64.</param>
/// <param name="memory">Where the stack is.</param>
/// <param name="regions">Where regions come from.</param>
/// <param name="bounds">Where the code finds the bounds of its stack.</param>
internal sealed partial class SeparateStack(Global pointer, Memory memory, StackRegions regions, StackBoundGlobals bounds)
    : ShadowStack(pointer, memory, lowest: 0, leavesInPlace: false)
{
    /// <summary>What C compilers take for granted of a stack pointer.</summary>
    private const ulong Alignment = 16;

    private StackBounds _ownBounds = bounds.Value;

    public override void Rebase()
    {
        base.Rebase();
        _ownBounds = bounds.Value;
    }

    public override void Settle()
    {
        base.Settle();
        bounds.Value = _ownBounds;
    }

    public override StackSlice CreateSlice() => new SeparateSlice(this);

    public override void Start(StackSlice slice, bool isNested)
    {
        base.Start(slice, isNested);
        var own = (SeparateSlice)slice;
        own.Outer = bounds.Value;
        own.Region = regions.Take();
        own.Low = (own.Region + regions.Size) & ~(Alignment - 1);
        Enter(own);
    }

    public override void Resume(StackSlice slice)
    {
        if (slice is SeparateSlice { Region: not 0 } own)
            Enter(own);
        else
            base.Resume(slice);
    }

    public override void Check(StackSlice slice)
    {
        // The end of the region is the pointer of a stack that is empty.
        if (slice is SeparateSlice { Region: not 0 and var region } && Pointer - region > regions.Size)
            throw Overflow($"the call has the {regions.Size} bytes from {region} on: raise StoreOptions.SeparateStackBytes");
    }

    public override long SizeOfCopy(StackSlice slice) => slice is SeparateSlice { Region: not 0 } ? 0 : base.SizeOfCopy(slice);

    public override void Suspend(StackSlice slice, bool isNested)
    {
        if (slice is not SeparateSlice { Region: not 0 } own)
        {
            base.Suspend(slice, isNested);
            return;
        }

        own.Low = Pointer;
        Leave(own, isNested);
    }

    public override void End(StackSlice slice, bool isNested)
    {
        if (slice is not SeparateSlice { Region: not 0 } own)
        {
            base.End(slice, isNested);
            return;
        }

        regions.Return(own.Region);
        own.Region = 0;
        Leave(own, isNested);
    }

    private void Enter(SeparateSlice slice)
    {
        Pointer = slice.Low;
        bounds.Value = new StackBounds(slice.Region, slice.Region + regions.Size);
    }

    private void Leave(SeparateSlice slice, bool isNested)
    {
        if (!isNested)
        {
            Settle();
            return;
        }

        Pointer = slice.High;
        bounds.Value = slice.Outer;
    }
}
