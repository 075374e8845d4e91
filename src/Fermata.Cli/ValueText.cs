using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text;
using Fermata.Text;

namespace Fermata.Cli;

/// <summary>Values on the command line: numbers as in the text format.</summary>
internal static class ValueText
{
    /// <summary>The value that a word stands for; null if it stands for none of the type.</summary>
    public static Value? Read(string word, ValType type)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        var kind = bytes.Length == 0 ? TokenKind.Reserved : NumberSyntax.Classify(bytes);
        var isInteger = kind is TokenKind.Natural or TokenKind.Integer;
        var isNumber = isInteger || kind == TokenKind.Float;
        return type.Kind switch
        {
            ValKind.I32 when isInteger => IntegerLiteral.Read(bytes, 32) is { } bits ? Value.FromI32((int)bits) : null,
            ValKind.I64 when isInteger => IntegerLiteral.Read(bytes, 64) is { } bits ? Value.FromI64((long)bits) : null,
            ValKind.F32 when isNumber => FloatLiteral.ReadF32(bytes) is { } bits ? Value.FromF32(BitConverter.UInt32BitsToSingle(bits)) : null,
            ValKind.F64 when isNumber => FloatLiteral.ReadF64(bytes) is { } bits ? Value.FromF64(BitConverter.UInt64BitsToDouble(bits)) : null,
            ValKind.V128 => ReadVector(word),
            ValKind.Ref when word == "null" && type.IsNullable => Value.NullRef(type),
            _ => null,
        };
    }

    /// <summary>What a parameter takes, for messages.</summary>
    public static string Expected(ValType type) => type.Kind switch
    {
        ValKind.I32 or ValKind.I64 => "an integer in decimal or as 0x…, in range",
        ValKind.F32 or ValKind.F64 => "a number such as 1.5, -inf or nan",
        ValKind.V128 => "0x and 32 hexadecimal digits",
        _ when type.IsNullable => "null; the command line has no other references",
        _ => "a reference, and the command line has none but null: call this function from C#",
    };

    /// <summary>A number as in the text format, anything else as its type and value.</summary>
    public static string Print(Value value) =>
        value.Type.IsRef ? value.ToString() : value.ToString()[(value.Type.ToString().Length + 1)..];

    private static Value? ReadVector(string word) =>
        word.StartsWith("0x", StringComparison.Ordinal)
            && word.Length == 34
            && UInt128.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? Value.FromV128(Vector128.Create((ulong)bits, (ulong)(bits >> 64)).AsByte())
            : null;
}
