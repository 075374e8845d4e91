namespace Fermata.Cli;

/// <summary>Values on the command line: numbers as in the text format.</summary>
internal static class ValueText
{
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
}
