using System.Globalization;
using System.Reflection;
using System.Text;
using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten;

/// <summary>
/// Gives exports that are legalised (<see cref="Legalisation"/>) the types that delegates have, as <see cref="FittingFunction"/> does for imports. It is WebAssembly that does
/// it, so that calls suspend, and none comes between a result and its upper half.
/// </summary>
internal static class FittingExport
{
    private const string Program = "program", Export = "function", Getter = "getTempRet0";

    /// <summary>An export as a delegate wants it; as it is if that is not its type before it was legalised.</summary>
    /// <param name="function">The export.</param>
    /// <param name="delegateType">The type of the delegate.</param>
    /// <param name="exports">What the program exports.</param>
    /// <exception cref="InvalidOperationException">The program does not export what returns the upper half of a result.</exception>
    public static Function Of(Function function, Type delegateType, ProgramExports exports)
    {
        if (Unlegalise(function.Type, delegateType.GetMethod(nameof(Action.Invoke))!) is not { } wanted)
            return function;
        var engine = function.Store.Engine;
        var linker = new Linker(engine).Define(Program, Export, function);
        if (IsResultLegalised(function.Type, wanted))
            linker.Define(Program, Getter, exports.Find("_emscripten_tempret_get") ?? exports.Get(Getter));
        return linker.Instantiate(function.Store, Module.Load(engine, ModuleInfo.Parse(Write(function.Type, wanted)).Bytes)).GetFunction(Export);
    }

    private static bool IsResultLegalised(FuncType type, FuncType wanted) => !type.Results.SequenceEqual(wanted.Results);

    /// <summary>The type that a function had before it was legalised, by the numbers of 64 bits of a delegate; null if that has none but those of the function.</summary>
    private static FuncType? Unlegalise(FuncType type, MethodInfo signature)
    {
        var parameters = new List<ValType>();
        var next = 0;
        foreach (var parameter in signature.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken)))
        {
            if (next >= type.Parameters.Count)
                return null;
            var isPair = IsLong(parameter.ParameterType) && FittingFunction.IsPair(type.Parameters, next);
            parameters.Add(isPair ? ValType.I64 : type.Parameters[next]);
            next += isPair ? 2 : 1;
        }

        var isResultLegalised = type.Results is [{ Kind: ValKind.I32 }] && IsLong(FittingFunction.AwaitedOf(signature.ReturnType) ?? signature.ReturnType);
        return next == type.Parameters.Count && (isResultLegalised || parameters.Count < next)
            ? new FuncType([.. parameters], isResultLegalised ? [ValType.I64] : [.. type.Results])
            : null;
    }

    private static bool IsLong(Type type) => type == typeof(long) || type == typeof(ulong);

    private static string Write(FuncType type, FuncType wanted)
    {
        var arguments = new StringBuilder();
        var next = 0;
        foreach (var (index, parameter) in wanted.Parameters.Index())
        {
            var isPair = type.Parameters[next] != parameter;
            var argument = string.Create(CultureInfo.InvariantCulture, $"(local.get {index})");
            arguments.AppendLine(isPair ? $"(i32.wrap_i64 {argument}) (i32.wrap_i64 (i64.shr_u {argument} (i64.const 32)))" : argument);
            next += isPair ? 2 : 1;
        }

        var call = $"(call ${Export} {arguments})";
        var isResultLegalised = IsResultLegalised(type, wanted);
        return $"""
            {WatText.Import($"(func {WatText.Signature(type)})", Export, Program, Export)}
            {(isResultLegalised ? WatText.Import("(func (result i32))", Getter, Program, Getter) : "")}
            (func (export "{Export}") {WatText.Signature(wanted)}
            {(isResultLegalised ? $"(i64.extend_i32_u {call}) (i64.shl (i64.extend_i32_u (call ${Getter})) (i64.const 32)) (i64.or)" : call)})
            """;
    }
}
