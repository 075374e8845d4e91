using Fermata.Structure;

namespace Fermata.Runtime;

/// <summary>Regions of a linear memory for the C stacks of fibers, all of one size. They come from the allocator of the module.</summary>
/// <remarks>
/// The allocator is code of the module: it may trap, or run until it is cancelled. So it is called only when a fiber starts, which then fails; a region
/// whose fiber ended is kept for another, and what is kept beyond <see cref="MostIdle"/> is freed one by one when others start.
/// </remarks>
internal sealed class StackRegions
{
    private const int MostIdle = 16;
    private const ulong Alignment = 16;

    /// <summary>The names that toolchains give to their allocators.</summary>
    private static readonly StackAllocator[] KnownAllocators =
    [
        new("memalign", "free"),
        new("aligned_alloc", "free"),
        new("emscripten_builtin_memalign", "emscripten_builtin_free"),
        new("malloc", "free"),
    ];

    private readonly Stack<ulong> _idle = [];
    private readonly Memory _memory;
    private readonly Function _allocate;
    private readonly Function _free;

    /// <summary>Takes regions from the allocator of an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="address">The type of an address in its stack pointer.</param>
    /// <param name="options">Size and allocator.</param>
    /// <exception cref="InvalidOperationException">It exports none.</exception>
    public StackRegions(Instance instance, ValType address, StoreOptions options)
    {
        _memory = instance.Memories[0];
        Size = (ulong)options.SeparateStackBytes;
        var allocators = options.StackAllocator is { } named ? [named] : KnownAllocators;
        foreach (var allocator in allocators)
        {
            if (instance.TryGetFunction(allocator.Allocate, out var allocate) && IsAllocator(allocate.Type, address)
                && instance.TryGetFunction(allocator.Free, out var free) && IsFree(free.Type, address))
            {
                (_allocate, _free) = (allocate, free);
                return;
            }
        }

        throw NoAllocator(allocators, address);
    }

    /// <summary>Their size in bytes.</summary>
    public ulong Size { get; }

    /// <summary>A region for a fiber that starts; never 0.</summary>
    /// <exception cref="InsufficientMemoryException">The allocator has no more.</exception>
    /// <exception cref="InvalidOperationException">The allocator gave what is not in the memory.</exception>
    public ulong Take()
    {
        if (_idle.Count > MostIdle)
            Call(_free, _idle.Pop());
        if (_idle.TryPop(out var idle))
            return idle;

        var region = _allocate.Type.ParameterArray.Length == 1 ? Call(_allocate, Size) : Call(_allocate, Alignment, Size);
        if (_allocate.Type.ResultArray[0] == ValType.I32)
            region = (uint)region;
        if (region == 0)
            throw new InsufficientMemoryException($"There is no room for the C stack of a promising call: {_allocate.PrintableName} returned 0 for {Size} bytes.");
        if (!Contains(region))
        {
            throw new InvalidOperationException(
                $"There is no C stack for a promising call: {_allocate.PrintableName} returned the address {region}, where the memory has no {Size} bytes.");
        }

        return region;
    }

    /// <summary>Keeps a region whose fiber ended for another.</summary>
    public void Return(ulong region) => _idle.Push(region);

    /// <summary>Whether the memory has room for a region there.</summary>
    public bool Contains(ulong region) => region <= _memory.Length && _memory.Length - region >= Size;

    /// <summary>Writes which regions are kept for other fibers.</summary>
    public void Write(SnapshotOutput output)
    {
        output.Number(Size);
        output.Number(_idle.Count);
        foreach (var region in _idle.Reverse())
            output.Number(region);
    }

    /// <summary>Takes what <see cref="Write"/> wrote.</summary>
    public void Read(SnapshotInput input)
    {
        if (input.Number() is var size && size != Size)
            throw new SnapshotException($"The snapshot is of a store with C stacks of {size} bytes for each call: set StoreOptions.SeparateStackBytes to that.");
        var count = input.Count(1 << 20, "idle C stacks");
        for (var i = 0; i < count; i++)
        {
            var region = input.Number();
            if (region == 0 || !Contains(region))
                throw SnapshotInput.Damaged("a C stack that no call has is not in the memory");
            _idle.Push(region);
        }
    }

    private static bool IsAllocator(FuncType type, ValType address) =>
        type.ParameterArray.Length is 1 or 2 && Array.TrueForAll(type.ParameterArray, item => item == address)
        && type.ResultArray is [var result] && result == address;

    private static bool IsFree(FuncType type, ValType address) => type.ParameterArray is [var item] && item == address && type.ResultArray.Length == 0;

    private static ulong Call(Function function, params ReadOnlySpan<ulong> arguments) => function.Store.Scheduler.Call(function, arguments);

    private static InvalidOperationException NoAllocator(StackAllocator[] allocators, ValType address)
    {
        var names = string.Join(", ", allocators.Select(item => $"{HostileText.Printable(item.Allocate)} and {HostileText.Printable(item.Free)}"));
        return new InvalidOperationException(
            "The module has a C stack and the store gives each promising call one of its own (ShadowStackPolicy.Separate), but the module exports no " +
            $"allocator for them: looked for {names}, with {address} for addresses and sizes. Name it in StoreOptions.StackAllocator, or use another policy.");
    }
}
