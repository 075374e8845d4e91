using System.Collections.Concurrent;
using Fermata.Python.Fetching;
using Fermata.Python.Sandboxing;

namespace Fermata.Python.Interop;

/// <summary>What is written in Python for the host: modules that each interpreter has from its start. One of a distribution compiles them for all.</summary>
internal sealed class HelperModules
{
    private const string Compile =
        """
        import marshal
        marshal.dumps(compile(source, '<exec>', 'exec', dont_inherit=True))
        """;

    private const string Execute =
        """
        import marshal, sys, types
        module = sys.modules[name] = types.ModuleType(name)
        exec(marshal.loads(code.to_bytes()), module.__dict__)
        """;

    private static readonly (string Name, string Source)[] Sources =
    [
        (Prelude.Name, Prelude.Source), (MainProgram.Module, MainProgram.Source), (RunScript.Module, RunScript.Source), (FetchScript.Module, FetchScript.Source),
    ];

    /// <summary>The code of each module, as <c>marshal</c> has it.</summary>
    private readonly ConcurrentDictionary<string, byte[]> _code = new(StringComparer.Ordinal);

    /// <summary>Adds them to an interpreter; on the store's turn.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="isAsOthers">Whether it has what all have that are asked for nothing else, so that others may run what it compiles.</param>
    public void AddTo(Interpreter python, bool isAsOthers)
    {
        using var code = python.Import("_pyodide._base");
        using var evaluate = code.GetAttribute("eval_code");
        foreach (var (name, source) in Sources)
        {
            if (!_code.TryGetValue(name, out var compiled))
            {
                using var result = Evaluate(python, evaluate, Compile, ("source", source));
                compiled = result.As<byte[]>();
                if (isAsOthers)
                    _code[name] = compiled;
            }

            Evaluate(python, evaluate, Execute, ("name", name), ("code", compiled)).Dispose();
        }
    }

    private static PythonObject Evaluate(Interpreter python, PythonObject evaluate, string source, params ReadOnlySpan<(string Name, object Value)> variables)
    {
        using var globals = python.Own(python.C.NewDictionary());
        foreach (var (name, value) in variables)
            globals.SetItem(name, value);
        return evaluate.Call(source, globals);
    }
}
