using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text;
using Fermata.Text;

namespace Fermata;

public readonly partial struct Value
{
    /// <summary>Reads a value of a type, such as one on a command line.</summary>
    /// <param name="text">
    /// A number as in the text format (<c>-1</c>, <c>0xff</c>, <c>1.5</c>, <c>inf</c>, <c>nan:0x200000</c>), <c>0x</c> and 32 hexadecimal digits for a vector, or
    /// <c>null</c> for a reference.
    /// </param>
    /// <param name="type">The type.</param>
    /// <param name="value">The value; the default if the text is none of the type, or out of its range.</param>
    public static bool TryParse(string text, ValType type, out Value value)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parsed = Parse(text, type);
        value = parsed ?? default;
        return parsed is not null;
    }

    private static Value? Parse(string text, ValType type)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var kind = bytes.Length == 0 ? TokenKind.Reserved : NumberSyntax.Classify(bytes);
        var isInteger = kind is TokenKind.Natural or TokenKind.Integer;
        var isNumber = isInteger || kind == TokenKind.Float;
        return type.Kind switch
        {
            ValKind.I32 when isInteger => IntegerLiteral.Read(bytes, 32) is { } bits ? FromI32((int)bits) : null,
            ValKind.I64 when isInteger => IntegerLiteral.Read(bytes, 64) is { } bits ? FromI64((long)bits) : null,
            ValKind.F32 when isNumber => FloatLiteral.ReadF32(bytes) is { } bits ? FromF32(BitConverter.UInt32BitsToSingle(bits)) : null,
            ValKind.F64 when isNumber => FloatLiteral.ReadF64(bytes) is { } bits ? FromF64(BitConverter.UInt64BitsToDouble(bits)) : null,
            ValKind.V128 => ParseVector(text),
            ValKind.Ref when text == "null" && type.IsNullable => NullRef(type),
            _ => null,
        };
    }

    private static Value? ParseVector(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            && text.Length == 34
            && UInt128.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? FromV128(Vector128.Create((ulong)bits, (ulong)(bits >> 64)).AsByte())
            : null;
}
