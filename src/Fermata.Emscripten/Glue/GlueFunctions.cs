using System.Globalization;
using System.Text;

namespace Fermata.Emscripten.Glue;

/// <summary>The functions of the glue whose text depends on the type with which a program imports them.</summary>
internal static class GlueFunctions
{
    private const string InvokePrefix = "invoke_";

    /// <summary>The types that the letters of a signature stand for, in the name of an <c>invoke_</c>.</summary>
    private static readonly Dictionary<char, ValType[]> Letters = new()
    {
        ['v'] = [],
        ['i'] = [ValType.I32],
        ['p'] = [ValType.I32],
        ['j'] = [ValType.I64],
        ['f'] = [ValType.F32],
        ['d'] = [ValType.F64],
        ['e'] = [ValType.ExternRef],
    };

    /// <summary>The function <c>$name</c> in the text format; null where the glue has none of the name and type.</summary>
    /// <param name="name">Emscripten's name of it.</param>
    /// <param name="type">The type.</param>
    /// <param name="catchesExceptions">Whether the glue has C++ exceptions.</param>
    public static string? Write(string name, FuncType type, bool catchesExceptions) => name switch
    {
        _ when !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') => null,
        _ when name.StartsWith(InvokePrefix, StringComparison.Ordinal) && type.Parameters is [{ Kind: ValKind.I32 }, ..] && WatText.Knows(type) =>
            WriteInvoke(name, type, catchesExceptions),
        "_emscripten_throw_longjmp" or "emscripten_throw_longjmp" or "emscripten_longjmp" or "_emscripten_longjmp" or "longjmp" => WriteLongjmp(name, type),
        _ when name.StartsWith("__cxa_find_matching_catch", StringComparison.Ordinal) && type.Parameters.All(parameter => parameter == ValType.I32) =>
            WriteFindMatchingCatch(name, type),
        _ when GlueDefinitions.Imports.Contains(name) => GlueDefinitions.All[name],
        _ => null,
    };

    /// <summary>A call through the table that ends a <c>longjmp</c> or an exception. The program looks at what it noted of them, and goes on from there.</summary>
    private static string WriteInvoke(string name, FuncType type, bool catchesExceptions)
    {
        var rest = new FuncType([.. type.Parameters.Skip(1)], [.. type.Results]);
        var callee = CalleeOf(name, rest);
        var arguments = Legalisation.PushArguments(rest.Parameters, callee.Parameters, 1);
        var legalised = rest.Results.SequenceEqual(callee.Results) ? "" : Legalisation.LegaliseResult("$wide");
        var results = WatText.List("result", callee.Results);
        var call =
            $"""
            (call_indirect $table {WatText.Signature(callee)}
            {arguments}(local.get 0))
            """;
        var guarded = catchesExceptions
            ? $"""
              (block $exception (result i32)
              (try_table {results} (catch {GlueDefinitions.LongjmpTag} $thrown) (catch {GlueDefinitions.ExceptionTag} $exception)
              {call})
              {legalised}
              (return))
              (global.set $lastException)
              """
            : $"""
              (try_table {results} (catch {GlueDefinitions.LongjmpTag} $thrown)
              {call})
              {legalised}
              (return)
              """;
        return $"""
            (func ${name} {WatText.Signature(type)}
            (local $stack i32) (local $wide i64)
            (local.set $stack (call $stackSave))
            (block $thrown
            {guarded})
            (call $stackRestore (local.get $stack))
            (call $setThrew (i32.const 1) (i32.const 0))
            {string.Concat(type.Results.Select(WatText.Zero))})
            """;
    }

    /// <summary>
    /// The type of the function in the table: that of the rest of the import, unless that is legalised, as the letters then tell. JavaScript calls an export of the
    /// program there which makes integers of 64 bits of pairs.
    /// </summary>
    private static FuncType CalleeOf(string name, FuncType rest)
    {
        var letters = name[InvokePrefix.Length..];
        if (letters.Length == 0 || !letters.All(Letters.ContainsKey))
            return rest;
        var signature = new FuncType([.. letters.Skip(1).SelectMany(letter => Letters[letter])], Letters[letters[0]]);
        var legalised = Legalisation.Legalise(signature);
        return legalised.Parameters.SequenceEqual(rest.Parameters) && legalised.Results.SequenceEqual(rest.Results) ? signature : rest;
    }

    /// <summary>Older versions of Emscripten have the function note where to and with which value itself, as <c>longjmp</c> does: 1 instead of 0.</summary>
    private static string? WriteLongjmp(string name, FuncType type) => (type.Parameters, type.Results) switch
    {
        ([], []) => $"(func ${name} (throw {GlueDefinitions.LongjmpTag}))",
        ([{ Kind: ValKind.I32 }, { Kind: ValKind.I32 }], []) =>
            $"""
            (func ${name} (param $buffer i32) (param $value i32)
              (call $setThrew (local.get $buffer) (select (local.get $value) (i32.const 1) (local.get $value)))
              (throw {GlueDefinitions.LongjmpTag}))
            """,
        _ => null,
    };

    /// <summary>
    /// The search for a handler, in the landing pad: returns the exception, and in <c>tempRet0</c> the type of the handler among those given, where 0 takes anything. If none
    /// fits, that is the type of the exception, and the program unwinds further. An exception without a type is foreign: none fits.
    /// </summary>
    private static string WriteFindMatchingCatch(string name, FuncType type)
    {
        var search = new StringBuilder();
        for (var i = 0; i < type.Parameters.Count; i++)
            search.Append(CultureInfo.InvariantCulture, $"(br_if $found (local.tee $selected (call $match (local.get $object) (local.get $type) (local.get {i}))))\n");
        return $"""
            (func ${name} {WatText.Signature(type)}
            (local $object i32) (local $type i32) (local $selected i32)
            (block $found
            (br_if $found (i32.eqz (local.tee $object (global.get $lastException))))
            (call $setAdjustedPtr (local.get $object) (local.get $object))
            (br_if $found (i32.eqz (local.tee $type (call $exceptionType (local.get $object)))))
            {search}(local.set $selected (local.get $type)))
            (call $setTempRet0 (local.get $selected))
            (local.get $object))
            """;
    }
}
