using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Fermata.Emscripten;
using Fermata.Python.Interop;
using Fermata.Python.Views;

namespace Fermata.Python.Functions;

/// <summary>Values from Python, and to it.</summary>
internal static class ValueFunctions
{
    public static void Define(EmscriptenHost host, Interpreter python) => host
        .Define("Jsv_GetError_import", object () => Marker.Error)
        .Define("JsvError_Check", (object? value) => IsTrue(ReferenceEquals(value, Marker.Error)))
        .Define("JsvNoValue_Check", (object? value) => IsTrue(ReferenceEquals(value, Marker.NoValue)))
        .Define("JsvNum_fromInt", object (int number) => (long)number)
        .Define("JsvNum_fromDouble", object (double number) => number)
        .Define("JsvNum_toInt", (object? value) => value is bool flag ? IsTrue(flag) : Convert.ToInt32(value, null))
        .Define("JsvBigInt_fromInt", object (int number) => (long)number)
        .Define("JsvBigInt_fromDigits", object (int digits, int count) => HostConversion.Narrow(new BigInteger(python.Memory.GetSpan(digits, count * sizeof(uint)))))
        .Define("Jsv_BigIntToNum", object? (object? value) => value)
        .Define("JsvUTF8ToString", object (int text) => python.ReadText(text))
        .Define("_python2js_ascii", object (int text, int length) => Encoding.Latin1.GetString(python.Memory.GetSpan(text, length)))
        .Define("_python2js_ucs1", object (int text, int length) => Encoding.Latin1.GetString(python.Memory.GetSpan(text, length)))
        .Define("_python2js_ucs2", object (int text, int length) => new string(MemoryMarshal.Cast<byte, char>(python.Memory.GetSpan(text, length * sizeof(char)))))
        .Define("_python2js_ucs4", object (int text, int length) => TextOf(MemoryMarshal.Cast<byte, int>(python.Memory.GetSpan(text, length * sizeof(int)))))
        .Define("Jsv_to_bool", (object? value) => IsTrue(ToBool(python, value)))
        .Define("JsProxy_Bool_js", (object? value) => IsTrue(ToBool(python, value)))
        .Define("Jsv_typeof", object (object? value) => TypeOf(python, value))
        .Define("Jsv_equal", (object? left, object? right) => IsTrue(HostEquality.AreEqual(left, right)))
        .Define("Jsv_not_equal", (object? left, object? right) => IsTrue(!HostEquality.AreEqual(left, right)))
        .Define("Jsv_less_than", (object? left, object? right) => Compare(left, right, order => order < 0))
        .Define("Jsv_less_than_equal", (object? left, object? right) => Compare(left, right, order => order <= 0))
        .Define("Jsv_greater_than", (object? left, object? right) => Compare(left, right, order => order > 0))
        .Define("Jsv_greater_than_equal", (object? left, object? right) => Compare(left, right, order => order >= 0))
        .Define("js2python_js", (object? value) => python.Try(() => python.ToPython(value), failure: 0))
        .Define("js2python_immutable_js", (object? value) => python.Try(() => IsImmutable(value) ? python.ToPython(value) : 0, failure: 0))
        .Define("js2python_convert", (object? value, int depth, object? _) => python.Try(() => DeepConversion.ToPython(python, value, depth), failure: 0));

    public static int IsTrue(bool value) => value ? 1 : 0;

    private static bool IsImmutable(object? value) => value is null or Marker or string or bool or PythonObject or IConvertible or BigInteger;

    /// <summary>Code points that are no characters, surrogates among them, are kept where .NET can have them.</summary>
    private static string TextOf(ReadOnlySpan<int> codePoints)
    {
        var text = new StringBuilder(codePoints.Length);
        foreach (var code in codePoints)
        {
            if (code > char.MaxValue)
                text.Append(char.ConvertFromUtf32(code));
            else
                text.Append((char)code);
        }

        return text.ToString();
    }

    private static bool ToBool(Interpreter python, object? value) => value switch
    {
        _ when HostConversion.IsNull(value) => false,
        bool flag => flag,
        string text => text.Length > 0,
        IConvertible number => number.ToDouble(null) != 0,
        _ => (python.Views.Of(value!).TraitsOf(value!) & HostTraits.HasLength) == 0 || python.Views.Of(value!).LengthOf(value!) > 0,
    };

    private static string TypeOf(Interpreter python, object? value) => value switch
    {
        _ when HostConversion.IsNull(value) => "undefined",
        bool => "boolean",
        string => "string",
        BigInteger => "bigint",
        IConvertible => "number",
        _ => python.Views.Of(value!).TraitsOf(value!).HasFlag(HostTraits.Callable) ? "function" : "object",
    };

    private static int Compare(object? left, object? right, Func<int, bool> test) => (left, right) switch
    {
        (string a, string b) => IsTrue(test(string.CompareOrdinal(a, b))),
        (IConvertible and not string, IConvertible and not string) => IsTrue(test(Convert.ToDouble(left, null).CompareTo(Convert.ToDouble(right, null)))),
        _ => 0,
    };
}
