using System.Buffers;
using System.Numerics;

namespace Fermata.Runtime;

/// <summary>A C stack in a linear memory, shared by the fibers of a store, whose parts of it are copied. It grows down.</summary>
/// <remarks>
/// <para>
/// A slice stays in its place as long as nothing else needs the place. Code that runs may use everything below the stack pointer, so:
/// no slice in place lies below the stack pointer, neither when code starts to run nor while nothing runs. Slices that are in
/// place do not overlap, and the one that came last is the lowest: they are a stack themselves.
/// </para>
/// <para>The stack pointer is the module's to change. Where it makes no sense, bytes are left alone, as without this class.</para>
/// <para>
/// A fiber that starts above the stack is on one of its own, such as that of a <c>ucontext_t</c>: it stays where it is, and nothing is in its way but the calls that it starts itself, which
/// are its guests there. They are moved out whenever they suspend, and it makes way when one goes on that began where its own frames are now. A call that has no frame yet when it
/// suspends in the one that started it is not known to be a guest.
/// </para>
/// </remarks>
/// <param name="pointer">The stack pointer: a mutable i32 or i64.</param>
/// <param name="memory">Where the stack is.</param>
/// <param name="lowest">The lowest address that belongs to the stack; null where it is not known.</param>
/// <param name="leavesInPlace">Whether a slice may stay where it is until its place is needed; if not, it is moved out at once.</param>
internal partial class ShadowStack(Global pointer, Memory memory, ulong? lowest, bool leavesInPlace)
{
    /// <summary>What a module that writes strange stack pointers can have us copy at most.</summary>
    private const ulong LongestSlice = 16 << 20;

    private readonly List<StackSlice> _inPlace = [];

    /// <summary>The slices in place of fibers on stacks of their own.</summary>
    private readonly HashSet<StackSlice> _apart = [];

    /// <summary>The lowest address to reckon with.</summary>
    private readonly ulong _lowest = lowest ?? StackRange.AssumedLowestAddress(pointer);

    /// <summary>The stack pointer when no call is alive.</summary>
    private ulong _base = Read(pointer);

    public Global Global { get; } = pointer;

    /// <summary>How many bytes were copied so far, out of the stack and back.</summary>
    public long CopiedBytes { get; private set; }

    protected ulong Pointer
    {
        get => Read(Global);
        set => Global.Bits = value;
    }

    /// <summary>What the pointer is while nothing runs.</summary>
    private ulong Rest => _inPlace.Count > 0 ? _inPlace[^1].Low : _base;

    /// <summary>Notes the stack pointer as that of a stack without calls.</summary>
    public virtual void Rebase() => _base = Pointer;

    /// <summary>Sets the pointer to where the next call may start. The code that ran may have ended without doing so.</summary>
    public virtual void Settle() => Pointer = Rest;

    /// <summary>A slice for a fiber.</summary>
    public virtual StackSlice CreateSlice() => new(this);

    /// <summary>A fiber starts.</summary>
    /// <param name="slice">The fiber's slice.</param>
    /// <param name="isNested">Whether code of another activation will go on when the fiber ends or suspends.</param>
    public virtual void Start(StackSlice slice, bool isNested)
    {
        if (!IsApart(Pointer))
            MakeRoom(Pointer, slice);
        if (!isNested && _inPlace.Count > 0 && IsCrowded(Pointer))
        {
            MakeRoom(ulong.MaxValue, slice);
            Settle();
        }

        slice.Low = slice.High = Pointer;
    }

    /// <summary>A fiber that started when the stack was not yet known suspends in the same run.</summary>
    public void StartLate(StackSlice slice) => slice.Low = slice.High = _base;

    /// <summary>A fiber goes on, with no other activation around it.</summary>
    public virtual void Resume(StackSlice slice)
    {
        _apart.Remove(slice);
        if (slice.IsGuest)
            MakeRoomForGuest(slice.High);
        else if (!IsApart(slice.High))
            MakeRoom(slice.High, slice);
        if (slice.Copy is { } copy)
        {
            copy.AsSpan(0, slice.Length).CopyTo(memory.GetSpan(slice.Low, slice.Length));
            CopiedBytes += slice.Length;
            Release(slice, copy);
        }

        Pointer = slice.Low;
        slice.Low = slice.High;
    }

    /// <summary>Looks whether the code of a fiber that suspends, or has ended, has left the stack.</summary>
    /// <exception cref="TrapException">It has; what it has overwritten is not known.</exception>
    public virtual void Check(StackSlice slice)
    {
        if (Pointer < lowest)
            throw Overflow($"the C stack of the module begins at {lowest}: link the module with a larger stack");
    }

    /// <summary>The memory, in bytes, that it takes to copy what a fiber leaves on the stack that suspends now.</summary>
    /// <remarks>Copies are in arrays of a pool, whose lengths are powers of two.</remarks>
    public virtual long SizeOfCopy(StackSlice slice) => BitOperations.RoundUpToPowerOf2((uint)LengthInUse(slice));

    /// <inheritdoc cref="Start"/>
    /// <summary>A fiber suspends.</summary>
    public virtual void Suspend(StackSlice slice, bool isNested)
    {
        var start = slice.High;
        var length = LengthInUse(slice);
        slice.Low = Pointer;
        slice.High = slice.Low + length;
        slice.IsGuest |= isNested && length > 0 && IsApart(start);
        if (length == 0)
            slice.Copy = null;
        else if (isNested || slice.IsGuest || (!leavesInPlace && !IsApart(start)))
            MoveOut(slice);
        else if (IsApart(start))
            _apart.Add(slice);
        else
            _inPlace.Add(slice);

        if (isNested)
            Pointer = start;
        else
            Settle();
    }

    /// <inheritdoc cref="Start"/>
    /// <summary>A fiber ends, in whatever way.</summary>
    public virtual void End(StackSlice slice, bool isNested)
    {
        if (slice.Copy is { } copy)
            Release(slice, copy);
        if (isNested)
            Pointer = slice.High;
        else
            Settle();
    }

    /// <param name="stack">Where the stack is, and what to do.</param>
    protected TrapException Overflow(string stack) =>
        TrapException.Create(TrapKind.CStackOverflow, $"(the stack pointer is {Pointer}, and {stack})");

    private static ulong Read(Global global) => StackRange.Address(global)!.Value;

    /// <summary>Whether an address is above the stack. Where the stack is, is not known as long as its pointer is null.</summary>
    private bool IsApart(ulong address) => _base != 0 && address > _base;

    /// <summary>How much of the stack a running fiber uses; 0 where its pointer makes no sense.</summary>
    private ulong LengthInUse(StackSlice slice)
    {
        var pointer = Pointer;
        var length = slice.High - pointer;
        return pointer > slice.High || slice.High > memory.Length || length > LongestSlice ? 0 : length;
    }

    /// <summary>Whether less than half of the stack is left below an address.</summary>
    private bool IsCrowded(ulong address) => address < _lowest || _base < _lowest || address - _lowest < (_base - _lowest) / 2;

    /// <summary>Moves all slices but one out that lie below an address.</summary>
    private void MakeRoom(ulong address, StackSlice owner)
    {
        while (_inPlace.Count > 0 && _inPlace[^1].Low < address)
        {
            var slice = _inPlace[^1];
            _inPlace.RemoveAt(_inPlace.Count - 1);
            if (slice != owner)
                MoveOut(slice);
        }
    }

    /// <summary>Moves the fiber out in whose stack a guest goes on, if it has got further than where the guest began.</summary>
    private void MakeRoomForGuest(ulong start)
    {
        if (_apart.FirstOrDefault(slice => slice.Low < start && start <= slice.High) is not { } host)
            return;
        _apart.Remove(host);
        MoveOut(host);
    }

    private void MoveOut(StackSlice slice)
    {
        slice.Copy = ArrayPool<byte>.Shared.Rent(slice.Length);
        memory.GetSpan(slice.Low, slice.Length).CopyTo(slice.Copy);
        CopiedBytes += slice.Length;
    }

    private static void Release(StackSlice slice, byte[] copy)
    {
        slice.Copy = null;
        ArrayPool<byte>.Shared.Return(copy);
    }
}
