using System.Globalization;
using System.Text;
using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.ForeignFunctions;

/// <summary>
/// The module of a type of functions, in the text format: a function that calls one of that type with arguments that lie in memory, and one of that type that puts its
/// arguments into memory and calls a handler. Both are WebAssembly, so that calls through them suspend as all others.
/// </summary>
internal static class ForeignModule
{
    /// <summary>What it imports.</summary>
    public const string Program = "program", Memory = "memory", Table = "table", StackSave = "stackSave", StackRestore = "stackRestore";

    /// <summary>Its exports: both functions, and the global with the address of the closure that the second one is.</summary>
    public const string Call = "call", Closure = "closure", ClosureAddress = "address";

    private const int Word = 4, DoubleWord = 8, LongDouble = 16;

    /// <summary>Fields of <c>ffi_closure</c>, behind the pointer to its function.</summary>
    private const int Cif = 4, Handler = 8, UserData = 12;

    /// <summary>Writes the module of a type.</summary>
    /// <param name="signature">The type.</param>
    /// <param name="called">The type of the functions that are called as ones of that type: <see cref="ForeignSignature.Fit"/>.</param>
    public static string Write(ForeignSignature signature, FuncType called) =>
        $"""
        {WatText.Import("(memory 0)", Memory, Program, Memory)}
        {WatText.Import("(table 0 funcref)", Table, Program, Table)}
        {WatText.Import("(func (result i32))", StackSave, Program, StackSave)}
        {WatText.Import("(func (param i32))", StackRestore, Program, StackRestore)}
        (global $address (export "{ClosureAddress}") (mut i32) (i32.const 0))
        {WriteCall(signature, called)}
        {WriteClosure(signature)}
        """;

    private static string WriteCall(ForeignSignature signature, FuncType called)
    {
        var (frame, copies, arguments) = (new StackFrame(), new StringBuilder(), new List<string>());
        if (signature.Result.IsReturnedInMemory)
            arguments.Add("(local.get $result)");
        foreach (var (index, type) in signature.Fixed.Index())
        {
            var source = Load("$arguments", index * Word);
            arguments.AddRange(
                type.Scalar is { } scalar ? [$"({scalar.Load} {source})"]
                : type.Code == ForeignTypeCode.LongDouble ? [$"(i64.load {source})", $"(i64.load offset={DoubleWord} {source})"]
                : type.Code == ForeignTypeCode.Struct ? [Copy(type, source)]
                : []);
        }

        if (signature.Variable.Length > 0)
            arguments.Add(WriteVariable());

        var (declared, unsigned) = (signature.Type, signature.UnsignedParameters);
        var passed = called.Parameters.Select((type, index) =>
            index < arguments.Count ? ForeignConversion.Write(arguments[index], declared.Parameters[index], type, unsigned[index]) : WatText.Zero(type));
        var call = $"(call_indirect $table {WatText.Signature(called)} {string.Join('\n', passed)} (local.get $function))";
        var dropped = string.Concat(called.Results.Skip(declared.Results.Count).Select(_ => "(drop)"));
        return $"""
            (func (export "{Call}") (param $function i32) (param $result i32) (param $arguments i32) (local $stack i32) (local $frame i32) {ForeignConversion.Local}
            {frame.Enter()}
            {copies}
            {(signature.Result.Scalar is { } result ? $"(local.get $result) {WriteResult(result.Type)} ({result.Store})" : $"{call} {dropped}")}
            {StackFrame.Leave()})
            """;

        string WriteResult(ValType type) =>
            called.Results.Count == 0 ? $"{call} {WatText.Zero(type)}" : ForeignConversion.Write($"{call} {dropped}", called.Results[0], type, isUnsigned: false);

        // Each is at the next address that is a multiple of its alignment, where va_arg looks for it; of a structure it is a pointer.
        string WriteVariable()
        {
            var first = frame.Allocate(0, LongDouble);
            var pointers = new List<(int Place, ForeignType Type, string Source)>();
            foreach (var (index, type) in signature.Variable.Index())
            {
                var source = Load("$arguments", (signature.Fixed.Length + index) * Word);
                if (type.Code == ForeignTypeCode.Struct)
                    pointers.Add((frame.Allocate(Word, Word), type, source));
                else if (type.Code == ForeignTypeCode.LongDouble)
                    copies.AppendLine(CultureInfo.InvariantCulture, $"(memory.copy {StackFrame.Address(frame.Allocate(LongDouble, LongDouble))} {source} (i32.const {LongDouble}))");
                else if (type.Scalar is var (load, _, value))
                    copies.AppendLine($"({value}.store {StackFrame.Address(frame.Allocate(SizeOf(value), SizeOf(value)))} ({load} {source}))");
            }

            foreach (var (place, type, source) in pointers)
                copies.AppendLine($"(i32.store {StackFrame.Address(place)} {Copy(type, source)})");
            return StackFrame.Address(first);
        }

        string Copy(ForeignType type, string source)
        {
            var place = StackFrame.Address(frame.Allocate(type.Size, type.Alignment));
            copies.AppendLine(CultureInfo.InvariantCulture, $"(memory.copy {place} {source} (i32.const {type.Size}))");
            return place;
        }
    }

    private static string WriteClosure(ForeignSignature signature)
    {
        var (frame, values, parameter) = (new StackFrame(), new StringBuilder(), signature.Result.IsReturnedInMemory ? 1 : 0);
        var result = frame.Allocate(LongDouble, LongDouble);
        var pointers = frame.Allocate((signature.Fixed.Length + signature.Variable.Length) * Word, Word);
        foreach (var (index, type) in signature.Fixed.Index())
        {
            // A structure is a copy already, as the caller passes a pointer to one.
            var address = type.Code == ForeignTypeCode.Struct ? Parameter() : StackFrame.Address(frame.Allocate(LongDouble, LongDouble));
            foreach (var (part, value) in type.Code == ForeignTypeCode.Struct ? [] : type.Parameters.Index())
                values.AppendLine(CultureInfo.InvariantCulture, $"({value}.store offset={part * DoubleWord} {address} {Parameter()})");
            values.AppendLine(Point(index, address));
        }

        if (signature.Variable.Length > 0)
            values.AppendLine($"(local.set $next {Parameter()})");
        foreach (var (index, type) in signature.Variable.Index())
        {
            var size = type.Code == ForeignTypeCode.LongDouble ? LongDouble : type.Scalar is var (_, _, value) ? SizeOf(value) : Word;
            values.AppendLine(CultureInfo.InvariantCulture, $"(local.set $next (i32.and (i32.add (local.get $next) (i32.const {size - 1})) (i32.const {-size})))");
            values.AppendLine(Point(signature.Fixed.Length + index, type.Code == ForeignTypeCode.Struct ? Load("$next", 0) : "(local.get $next)"));
            values.AppendLine(CultureInfo.InvariantCulture, $"(local.set $next (i32.add (local.get $next) (i32.const {size})))");
        }

        var answer = signature.Result.IsReturnedInMemory ? "(local.get 0)" : StackFrame.Address(result);
        return $"""
            (func (export "{Closure}") {WatText.Signature(signature.Type)} (local $stack i32) (local $frame i32) (local $next i32) (local $closure i32)
            {frame.Enter()}
            (local.set $closure (global.get $address))
            (i64.store {StackFrame.Address(result)} (i64.const 0))
            {values}
            (call_indirect $table (param i32 i32 i32 i32) {Load("$closure", Cif)} {answer} {StackFrame.Address(pointers)} {Load("$closure", UserData)} {Load("$closure", Handler)})
            {StackFrame.Leave()}
            {(signature.Result.Scalar is { } scalar ? $"({scalar.Load} {StackFrame.Address(result)})" : "")})
            """;

        string Parameter() => string.Create(CultureInfo.InvariantCulture, $"(local.get {parameter++})");

        string Point(int index, string address) => string.Create(CultureInfo.InvariantCulture, $"(i32.store offset={pointers + (index * Word)} (local.get $frame) {address})");
    }

    private static string Load(string local, int offset) => string.Create(CultureInfo.InvariantCulture, $"(i32.load offset={offset} (local.get {local}))");

    private static int SizeOf(ValType type) => type == ValType.I64 || type == ValType.F64 ? DoubleWord : Word;
}
