using System.Buffers;

namespace Fermata.Runtime;

/// <content>The stack in a snapshot, while nothing runs. What calls have in place is copied there, so that in a restored store nothing is in place but what is apart.</content>
internal partial class ShadowStack
{
    /// <summary>Writes what the stack has of its own.</summary>
    public virtual void Write(SnapshotOutput output) => output.Number(_base);

    /// <summary>Takes what <see cref="Write"/> wrote.</summary>
    public virtual void Read(SnapshotInput input)
    {
        _base = input.Number();
        Settle();
    }

    /// <summary>Writes the slice of a suspended fiber.</summary>
    public virtual void WriteSlice(SnapshotOutput output, StackSlice slice)
    {
        var kind = slice.Length == 0 ? SliceKind.Empty : _apart.Contains(slice) ? SliceKind.InPlace : SliceKind.Copied;
        output.Byte((byte)kind);
        output.Number(slice.Low);
        output.Number(slice.High);
        output.Bool(slice.IsGuest);
        if (kind == SliceKind.Copied)
            output.Bytes(slice.Copy is { } copy ? copy.AsSpan(0, slice.Length) : memory.GetSpan(slice.Low, slice.Length));
    }

    /// <summary>Reads a slice that <see cref="WriteSlice"/> wrote.</summary>
    public StackSlice ReadSlice(SnapshotInput input)
    {
        var slice = CreateSlice();
        ReadSlice(input, slice, (SliceKind)input.Byte());
        return slice;
    }

    protected virtual void ReadSlice(SnapshotInput input, StackSlice slice, SliceKind kind)
    {
        slice.Low = input.Number();
        slice.High = input.Number();
        slice.IsGuest = input.Bool();
        var length = slice.High - slice.Low;
        if (kind > SliceKind.InPlace || slice.Low > slice.High || (kind == SliceKind.Empty) != (length == 0))
            throw SnapshotInput.Damaged("a part of a C stack makes no sense");
        if (kind == SliceKind.Empty)
            return;
        if (length > LongestSlice || slice.High > memory.Length)
            throw SnapshotInput.Damaged($"a part of a C stack is {length} bytes below {slice.High}, in a memory of {memory.Length}");
        if (kind == SliceKind.InPlace)
        {
            _apart.Add(slice);
            return;
        }

        slice.Copy = ArrayPool<byte>.Shared.Rent(slice.Length);
        input.Bytes(slice.Copy.AsSpan(0, slice.Length));
    }
}
