namespace Fermata.Emscripten.ForeignFunctions;

/// <summary>
/// How values become others where a function has other types than it is called with: numbers of JavaScript become what the other side takes (the WebAssembly JavaScript Interface,
/// "ToWebAssemblyValue"). Integers of 64 bits are none of those, and become nothing else.
/// </summary>
internal static class ForeignConversion
{
    /// <summary>A local variable of type f64 that conversions use.</summary>
    public const string Local = "(local $number f64)";

    /// <summary>Whether values of one type become those of another.</summary>
    public static bool IsPossible(ValType from, ValType to) => from == to || (IsNumber(from) && IsNumber(to));

    /// <summary>The instructions that convert a value.</summary>
    /// <param name="value">Those that push it.</param>
    /// <param name="from">Its type.</param>
    /// <param name="to">The other one, which is possible.</param>
    /// <param name="isUnsigned">Whether it is an integer without a sign.</param>
    public static string Write(string value, ValType from, ValType to, bool isUnsigned) => (from.Kind, to.Kind) switch
    {
        (ValKind.I32, ValKind.F32 or ValKind.F64) => $"({to}.convert_i32_{(isUnsigned ? 'u' : 's')} {value})",
        (ValKind.F32, ValKind.F64) => $"(f64.promote_f32 {value})",
        (ValKind.F64, ValKind.F32) => $"(f32.demote_f64 {value})",
        (ValKind.F32, ValKind.I32) => ToInt32($"(f64.promote_f32 {value})"),
        (ValKind.F64, ValKind.I32) => ToInt32(value),
        _ => value,
    };

    private static bool IsNumber(ValType type) => type.Kind is ValKind.I32 or ValKind.F32 or ValKind.F64;

    /// <summary>Without its fraction, modulo two to the power of 32; zero if it is infinite or not a number.</summary>
    private static string ToInt32(string value) =>
        $"""
        (i32.wrap_i64 (i64.trunc_sat_f64_s (f64.sub
          (local.tee $number {value})
          (f64.mul (f64.trunc (f64.mul (local.get $number) (f64.const 0x1p-32))) (f64.const 0x1p32)))))
        """;
}
