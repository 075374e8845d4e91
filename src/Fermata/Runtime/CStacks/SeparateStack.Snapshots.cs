namespace Fermata.Runtime;

/// <content>The stack in a snapshot: the addresses of the regions, whose contents are in the memory.</content>
internal sealed partial class SeparateStack
{
    public override void Write(SnapshotOutput output)
    {
        base.Write(output);
        Write(output, _ownBounds);
        regions.Write(output);
    }

    public override void Read(SnapshotInput input)
    {
        base.Read(input);
        _ownBounds = ReadBounds(input);
        bounds.Value = _ownBounds;
        regions.Read(input);
    }

    public override void WriteSlice(SnapshotOutput output, StackSlice slice)
    {
        if (slice is not SeparateSlice { Region: not 0 } own)
        {
            base.WriteSlice(output, slice);
            return;
        }

        output.Byte((byte)SliceKind.Region);
        output.Number(own.Low);
        output.Number(own.High);
        output.Number(own.Region);
        Write(output, own.Outer);
    }

    protected override void ReadSlice(SnapshotInput input, StackSlice slice, SliceKind kind)
    {
        if (kind != SliceKind.Region)
        {
            base.ReadSlice(input, slice, kind);
            return;
        }

        var own = (SeparateSlice)slice;
        own.Low = input.Number();
        own.High = input.Number();
        own.Region = input.Number();
        own.Outer = ReadBounds(input);
        if (own.Region == 0 || !regions.Contains(own.Region) || own.Low - own.Region > regions.Size)
            throw SnapshotInput.Damaged("a call has a C stack of its own that is not in the memory, or is not on it");
    }

    private static void Write(SnapshotOutput output, StackBounds bounds)
    {
        output.Number(bounds.Low);
        output.Number(bounds.High);
    }

    private static StackBounds ReadBounds(SnapshotInput input) => new(input.Number(), input.Number());
}
