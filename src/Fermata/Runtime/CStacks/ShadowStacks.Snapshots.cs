namespace Fermata.Runtime;

/// <content>The stacks in a snapshot, in the order in which they came into the store.</content>
internal sealed partial class ShadowStacks
{
    /// <summary>Writes all stacks.</summary>
    public void Write(SnapshotOutput output)
    {
        output.Byte((byte)options.ShadowStack);
        output.Number(_stacks.Count);
        foreach (var stack in _stacks)
            stack.Write(output);
    }

    /// <summary>Takes what <see cref="Write(SnapshotOutput)"/> wrote. The instances, and what their globals and memories have, are there already.</summary>
    public void Read(SnapshotInput input)
    {
        var policy = (ShadowStackPolicy)input.Byte();
        if (policy != options.ShadowStack)
            throw new SnapshotException($"The snapshot is of a store with ShadowStackPolicy.{policy}, and is to be restored with ShadowStackPolicy.{options.ShadowStack} (StoreOptions.ShadowStack).");
        var count = input.Number();
        if (count != (ulong)_stacks.Count)
            throw new SnapshotException($"The snapshot has {count} C stacks, and its modules have {_stacks.Count} here: StoreOptions.StackPointer must say the same.");
        foreach (var stack in _stacks)
            stack.Read(input);
    }

    /// <summary>Writes the parts that a suspended fiber has of them.</summary>
    public static void Write(SnapshotOutput output, Fiber fiber)
    {
        var count = 0;
        for (var slice = fiber.StackSlices; slice is not null; slice = slice.Next)
            count++;
        output.Number(count);
        for (var slice = fiber.StackSlices; slice is not null; slice = slice.Next)
            slice.Stack.WriteSlice(output, slice);
    }

    /// <summary>Gives a fiber the parts that <see cref="Write(SnapshotOutput, Fiber)"/> wrote.</summary>
    /// <exception cref="ResourceLimitException">The store may not have the memory for them.</exception>
    public void Read(SnapshotInput input, Fiber fiber)
    {
        var count = input.Count(_stacks.Count, "parts of C stacks");
        ref var next = ref fiber.StackSlices;
        for (var i = 0; i < count; i++)
        {
            next = _stacks[i].ReadSlice(input);
            next = ref next.Next;
        }

        if (count == 0)
            return;
        _fibers++;
        if (options.Limiter is not null)
            fiber.CountCopies(SizeOfRestored(fiber));
    }

    private static long SizeOfRestored(Fiber fiber)
    {
        var size = 0L;
        for (var slice = fiber.StackSlices; slice is not null; slice = slice.Next)
            size += slice.Copy?.Length ?? 0;
        return size;
    }
}
