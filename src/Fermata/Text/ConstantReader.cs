using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Fermata.Text;

/// <summary>Takes the literals of constants (section 6.3 "Values").</summary>
internal static class ConstantReader
{
    private static bool AtNumber(TokenCursor cursor) => cursor.Kind is TokenKind.Natural or TokenKind.Integer or TokenKind.Float;

    /// <summary>An integer of a width in bits, sign-extended.</summary>
    public static ulong TakeInteger(TokenCursor cursor, int width)
    {
        if (cursor.Kind is not (TokenKind.Natural or TokenKind.Integer))
            throw cursor.Unexpected();
        var value = IntegerLiteral.Read(cursor.Text, width) ?? throw cursor.Malformed("constant out of range");
        cursor.Position++;
        return value;
    }

    /// <summary>The bits of a floating-point number of 32 or 64 bits.</summary>
    public static ulong TakeFloat(TokenCursor cursor, int width)
    {
        if (!AtNumber(cursor))
            throw cursor.Unexpected();
        var value = width == 32 ? FloatLiteral.ReadF32(cursor.Text) : FloatLiteral.ReadF64(cursor.Text);
        if (value is not { } bits)
            throw cursor.Malformed("constant out of range");
        cursor.Position++;
        return bits;
    }

    /// <summary>A shape, such as <c>i32x4</c>, and as many literals as it has lanes.</summary>
    public static Vector128<byte> TakeVector(TokenCursor cursor)
    {
        var shape = VectorShape.Find(cursor.Kind == TokenKind.Keyword ? System.Text.Encoding.UTF8.GetString(cursor.Text) : "")
            ?? throw cursor.Unexpected();
        cursor.Position++;
        RequireNumbers(cursor, shape.Lanes);
        Span<byte> bytes = stackalloc byte[16];
        for (var lane = 0; lane < shape.Lanes; lane++)
            WriteLane(bytes[(lane * shape.LaneWidth / 8)..], shape, TakeLaneValue(cursor, shape));
        return Vector128.Create<byte>(bytes);
    }

    /// <summary>Checks how many numbers come next, before any of them is read.</summary>
    private static void RequireNumbers(TokenCursor cursor, int expected)
    {
        var start = cursor.Position;
        while (AtNumber(cursor))
            cursor.Position++;
        if (cursor.AtUnknown)
            throw cursor.Unexpected();
        if (cursor.Position - start != expected)
            throw cursor.Malformed("wrong number of lane literals");
        cursor.Position = start;
    }

    /// <summary>The bits of one lane.</summary>
    public static ulong TakeLaneValue(TokenCursor cursor, VectorShape shape) =>
        shape.IsFloat ? TakeFloat(cursor, shape.LaneWidth) : TakeInteger(cursor, shape.LaneWidth);

    private static void WriteLane(Span<byte> to, VectorShape shape, ulong bits)
    {
        switch (shape.LaneWidth)
        {
            case 8:
                to[0] = (byte)bits;
                break;
            case 16:
                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)bits);
                break;
            case 32:
                BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)bits);
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(to, bits);
                break;
        }
    }
}
