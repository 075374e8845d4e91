using System.Text;

namespace Fermata.Emscripten.Glue;

/// <summary>
/// What the glue of all modules of a program has in common, so that a <c>longjmp</c> or an exception of one is caught in another: tags, state, and functions of the main
/// module.
/// </summary>
internal static class SharedGlue
{
    /// <summary>The module name under which side modules import it.</summary>
    public const string Module = "fermata:glue";

    /// <summary>What stands before the names under which the main module exports it.</summary>
    public const string Prefix = Module + ".";

    /// <summary>The tag of a <c>longjmp</c>, which is in all that is shared.</summary>
    public const string LongjmpTag = "longjmpTag";

    /// <summary>The active handlers of exceptions, and how many exceptions are on their way to one.</summary>
    public const string Handlers = "handlers", UncaughtExceptions = "uncaughtExceptions";

    /// <summary>What the host looks at in each program that has it.</summary>
    public static readonly string[] CallState = [Handlers, UncaughtExceptions];

    /// <summary>Functions to which programs have pointers, as they call them through an <c>invoke_</c>, and their types in the text format.</summary>
    private static readonly Dictionary<string, string> Callable = new()
    {
        ["__cxa_begin_catch"] = "(func (param i32) (result i32))",
        ["__cxa_end_catch"] = "(func )",
        ["__cxa_rethrow"] = "(func )",
        ["__cxa_rethrow_primary_exception"] = "(func (param i32))",
        ["__cxa_throw"] = "(func (param i32 i32 i32))",
    };

    /// <summary>The types, in the text format.</summary>
    public static readonly IReadOnlyDictionary<string, string> Types = new Dictionary<string, string>(
        ProgramSymbols.All.Where(symbol => symbol.Value.Type.StartsWith("(func ", StringComparison.Ordinal)).Select(symbol => KeyValuePair.Create(symbol.Key, symbol.Value.Type)).Concat(Callable))
    {
        [LongjmpTag] = "(tag )",
        ["exceptionTag"] = "(tag (param i32))",
        ["tempRet0"] = "(global (mut i32))",
        ["lastException"] = "(global (mut i32))",
        [UncaughtExceptions] = "(global (mut i32))",
        [Handlers] = "(global (mut (ref null $Handler)))",
    };

    /// <summary>The name under which a module exports it.</summary>
    public static string NameOf(string symbol) => Prefix + symbol;

    /// <summary>Whether programs may have pointers to a function of it.</summary>
    public static bool IsCallable(string symbol) => Callable.ContainsKey(symbol);

    /// <summary>A module that exports what another one exports under names with the prefix, and nothing else of it.</summary>
    /// <param name="from">The name of the other one.</param>
    /// <param name="symbols">What it is.</param>
    public static ModuleInfo WriteExports(string from, IReadOnlyCollection<string> symbols)
    {
        var text = new StringBuilder(symbols.Contains(Handlers) ? GlueDefinitions.All["Handler"] : "");
        foreach (var symbol in symbols)
            text.AppendLine().Append(WatText.Import(Types[symbol], symbol, from, NameOf(symbol))).Append(WatText.Export(Types[symbol], symbol, NameOf(symbol)));
        return ModuleInfo.Parse(text.ToString());
    }

    /// <summary>Gives a side module what it imports of it.</summary>
    /// <param name="linker">Where its imports are defined.</param>
    /// <param name="side">The side module.</param>
    /// <param name="owner">The instance that exports it, if the module imports any.</param>
    public static void DefineFor(Linker linker, Module side, Func<Instance> owner)
    {
        foreach (var import in side.Imports.Where(import => import.Module == Module))
        {
            var export = owner().Exports.FirstOrDefault(export => export.Name == NameOf(import.Name));
            _ = export?.Value switch
            {
                Function function => linker.Define(Module, import.Name, function),
                Global global => linker.Define(Module, import.Name, global),
                Tag tag => linker.Define(Module, import.Name, tag),
                _ => linker,
            };
        }
    }
}
