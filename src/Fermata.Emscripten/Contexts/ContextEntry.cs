using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Contexts;

/// <summary>How contexts begin: WebAssembly that waits, and then calls a function of the program. So there is no frame of the host below it.</summary>
internal static class ContextEntry
{
    /// <summary>How many arguments a function can be given, which are <c>int</c>s.</summary>
    public const int MostArguments = 8;

    /// <summary>A function with the task that it waits for, a pointer to a function, how many arguments that has, and these, of which the rest means nothing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="functions">The functions to which the program has pointers.</param>
    public static Function Create(Store store, Table functions)
    {
        var module = Module.Load(store.Engine, ModuleInfo.Parse(Write()).Bytes);
        return new Linker(store.Engine).Define("host", "wait", static (object? task) => (Task)task!).Define("program", "table", functions).Instantiate(store, module).GetFunction("start");
    }

    private static string Write()
    {
        const int first = 3;
        var calls = Enumerable.Range(0, MostArguments + 1).Select(count =>
            $"""
            (if (i32.eq (local.get $count) (i32.const {count}))
              (then (return_call_indirect {WatText.List("param", Enumerable.Repeat(ValType.I32, count))}
                {string.Concat(Enumerable.Range(first, count).Select(index => $"(local.get {index})"))} (local.get $function))))
            """);
        return $"""
            (import "program" "table" (table 0 funcref))
            (import "host" "wait" (func $wait (param externref)))
            (func (export "start") (param $wait externref) (param $function i32) (param $count i32) {WatText.List("param", Enumerable.Repeat(ValType.I32, MostArguments))}
              (call $wait (local.get $wait))
              {string.Concat(calls)}
              (unreachable))
            """;
    }
}
