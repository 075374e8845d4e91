using System.Runtime.Intrinsics;
using System.Text;
using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Numbers, vectors and memory arguments as immediates (section 6.5 "Instructions").</summary>
internal sealed partial class TextParser
{
    private void WriteConstant(ByteWriter to, Immediate immediate)
    {
        switch (immediate)
        {
            case Immediate.I32:
                to.WriteSigned((int)TakeInteger(32));
                break;
            case Immediate.I64:
                to.WriteSigned((long)TakeInteger(64));
                break;
            case Immediate.F32:
                to.WriteFixed32((uint)TakeFloat(32));
                break;
            case Immediate.F64:
                to.WriteFixed64(TakeFloat(64));
                break;
            case Immediate.V128:
                to.WriteVector(TakeVector());
                break;
            case Immediate.Lanes:
                ParseShuffle(to);
                break;
            default:
                to.WriteByte(TakeLane());
                break;
        }
    }

    private ulong TakeInteger(int width) => ConstantReader.TakeInteger(_cursor, width);

    private ulong TakeFloat(int width) => ConstantReader.TakeFloat(_cursor, width);

    private Vector128<byte> TakeVector() => ConstantReader.TakeVector(_cursor);

    private byte TakeLane()
    {
        if (_cursor.Kind != TokenKind.Natural)
            throw _cursor.Unexpected();
        if (IntegerLiteral.ReadNatural(_cursor.Text) is not (<= byte.MaxValue and var lane))
            throw _cursor.Malformed("i8 constant out of range");
        _cursor.Position++;
        return (byte)lane;
    }

    private void ParseShuffle(ByteWriter to)
    {
        var offset = _cursor.Offset;
        var count = 0;
        for (; _cursor.Kind is TokenKind.Natural or TokenKind.Integer or TokenKind.Float; count++)
        {
            if (_cursor.Kind != TokenKind.Natural)
                throw _cursor.Malformed("i8 constant out of range");
            to.WriteByte(TakeLane());
        }

        if (count != 16)
            throw _cursor.Source.Malformed("invalid lane length", offset);
    }

    /// <summary>
    /// Reads <c>offset=</c> and <c>align=</c>; without the latter an access is aligned naturally. Where a lane comes at the end, a
    /// lone number is the lane and not the memory.
    /// </summary>
    private void ParseMemoryArgument(ByteWriter to, int naturalAlignment, bool hasLane)
    {
        var memory = hasLane && AtLane() ? 0 : TakeOptional(_memories);
        var offset = TryTakeAssignment("offset=") ?? 0;
        var start = _cursor.Offset;
        var alignment = TryTakeAssignment("align=") ?? 1UL << naturalAlignment;
        if (!System.Numerics.BitOperations.IsPow2(alignment))
            throw _cursor.Source.Malformed("alignment must be a power of two", start);

        var exponent = (ulong)System.Numerics.BitOperations.Log2(alignment);
        to.WriteUnsigned(memory == 0 ? exponent : exponent | 0x40);
        if (memory != 0)
            to.WriteUnsigned(memory);
        to.WriteUnsigned(offset);
        if (hasLane)
            to.WriteByte(TakeLane());
    }

    /// <summary>Whether a number comes next that is not followed by more of a memory argument.</summary>
    private bool AtLane()
    {
        if (_cursor.Kind != TokenKind.Natural)
            return false;
        _cursor.Position++;
        var isFollowed = _cursor.Kind == TokenKind.Natural || AtAssignment("offset=") || AtAssignment("align=");
        _cursor.Position--;
        return !isFollowed;
    }

    private bool AtAssignment(string name) =>
        _cursor.Kind == TokenKind.Keyword && _cursor.Text.StartsWith(Encoding.ASCII.GetBytes(name));

    private ulong? TryTakeAssignment(string name)
    {
        if (!AtAssignment(name))
            return null;
        var number = _cursor.Text[name.Length..];
        if (NumberSyntax.Classify(number) != TokenKind.Natural)
            throw _cursor.Unexpected();
        var value = IntegerLiteral.ReadNatural(number) ?? throw _cursor.Malformed("i64 constant out of range");
        _cursor.Position++;
        return value;
    }
}
