namespace Fermata.Runtime;

/// <summary>The C stacks in a store's linear memories, one for each stack pointer. Used on the store's turn.</summary>
internal sealed partial class ShadowStacks(StoreOptions options)
{
    private static readonly Action<StackSlice> StartNested = static slice => slice.Stack.Start(slice, isNested: true);
    private static readonly Action<StackSlice> StartAlone = static slice => slice.Stack.Start(slice, isNested: false);
    private static readonly Action<StackSlice> StartLate = static slice => slice.Stack.StartLate(slice);

    private readonly List<ShadowStack> _stacks = [];

    /// <summary>How many fibers have slices.</summary>
    private int _fibers;

    /// <summary>How many bytes were copied so far, out of stacks and back.</summary>
    public long CopiedBytes => _stacks.Sum(stack => stack.CopiedBytes);

    /// <summary>Adds the stack of a new instance, of which no code has run yet.</summary>
    /// <exception cref="InvalidOperationException">It has no allocator for others, which the options ask for.</exception>
    public void Add(Instance instance, StackLocation location)
    {
        var pointer = instance.Globals[location.Global];
        var lowest = StackRange.FindLowestAddress(instance, pointer);
        instance.ShadowStack = Describe(instance, location, lowest);
        if (options.ShadowStack != ShadowStackPolicy.None && !_stacks.Exists(stack => stack.Global == pointer))
            _stacks.Add(Create(instance, pointer, lowest));
    }

    /// <summary>A synchronous call begins, with no other activation around it.</summary>
    public void Enter()
    {
        if (_fibers > 0)
            return;
        foreach (var stack in _stacks)
            stack.Rebase();
    }

    /// <summary>A synchronous call with no other activation around it ended with an exception.</summary>
    public void Abort()
    {
        foreach (var stack in _stacks)
            stack.Settle();
    }

    /// <summary>A fiber starts.</summary>
    /// <param name="fiber">The fiber.</param>
    /// <param name="isNested">Whether code of another activation will go on when the fiber ends or suspends.</param>
    public void Start(Fiber fiber, bool isNested)
    {
        if (!isNested)
            Enter();
        AddSlices(fiber, isNested ? StartNested : StartAlone);
    }

    /// <summary>A fiber goes on, with no other activation around it.</summary>
    public void Resume(Fiber fiber)
    {
        for (var slice = fiber.StackSlices; slice is not null; slice = slice.Next)
            slice.Stack.Resume(slice);
        AddSlices(fiber, StartAlone);
    }

    /// <summary>Looks whether a fiber that suspends, or has ended, has left its stacks.</summary>
    /// <exception cref="TrapException">It has left one.</exception>
    public static void Check(Fiber fiber)
    {
        for (var slice = fiber.StackSlices; slice is not null; slice = slice.Next)
            slice.Stack.Check(slice);
    }

    /// <inheritdoc cref="Start"/>
    /// <summary>A fiber suspends.</summary>
    /// <exception cref="TrapException">It has left one of its stacks, and is not suspended.</exception>
    /// <exception cref="ResourceLimitException">The store may not have the memory for copies of its parts of them, and it is not suspended.</exception>
    public void Suspend(Fiber fiber, bool isNested)
    {
        AddSlices(fiber, StartLate);
        Check(fiber);
        if (options.Limiter is not null)
            fiber.CountCopies(SizeOfCopies(fiber));
        for (var slice = fiber.StackSlices; slice is not null; slice = slice.Next)
            slice.Stack.Suspend(slice, isNested);
    }

    /// <inheritdoc cref="Start"/>
    /// <summary>A fiber ends, in whatever way.</summary>
    public void End(Fiber fiber, bool isNested)
    {
        for (var slice = fiber.StackSlices; slice is not null; slice = slice.Next)
            slice.Stack.End(slice, isNested);
        fiber.CountCopies(0);
        if (fiber.StackSlices is not null)
            _fibers--;
        fiber.StackSlices = null;
    }

    /// <summary>The bytes that copies of a fiber that suspends take, now or when its place is needed. They count now, since then another call would have to fail.</summary>
    private static long SizeOfCopies(Fiber fiber)
    {
        var size = 0L;
        for (var slice = fiber.StackSlices; slice is not null; slice = slice.Next)
            size += slice.Stack.SizeOfCopy(slice);
        return size;
    }

    private ShadowStackInfo Describe(Instance instance, StackLocation location, ulong? lowest)
    {
        var module = instance.Module.Definition;
        var top = module.Globals[location.Global].IsImported ? null : StackRange.Address(instance.Globals[location.Global]);
        return new ShadowStackInfo(location.Global, StackSymbol.NameOf(module, location.Global), location.Source, lowest, top, options.ShadowStack);
    }

    private ShadowStack Create(Instance instance, Global pointer, ulong? lowest)
    {
        var memory = instance.Memories[0];
        return options.ShadowStack == ShadowStackPolicy.Separate
            ? new SeparateStack(pointer, memory, new StackRegions(instance, pointer.Type.Type, options), new StackBoundGlobals(instance))
            : new ShadowStack(pointer, memory, lowest, leavesInPlace: options.ShadowStack == ShadowStackPolicy.CopyOnConflict);
    }

    /// <summary>Gives a fiber slices in the stacks in which it has none yet: all at first, new ones later.</summary>
    private void AddSlices(Fiber fiber, Action<StackSlice> start)
    {
        ref var next = ref fiber.StackSlices;

        // By number: an allocator that is called here may add stacks.
        for (var i = 0; i < _stacks.Count; i++)
        {
            if (next is null)
            {
                if (fiber.StackSlices is null)
                    _fibers++;
                next = _stacks[i].CreateSlice();
                start(next);
            }

            next = ref next.Next;
        }
    }
}
