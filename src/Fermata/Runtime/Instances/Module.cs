using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata;

/// <summary>A validated and compiled module. It holds no state and can be instantiated in any number of stores of its engine.</summary>
public sealed partial class Module
{
    private readonly Lazy<StackLocation?> _stack;
    private Dictionary<int, string>? _exportedFunctions;

    /// <param name="engine">The engine.</param>
    /// <param name="definition">The module as decoded.</param>
    /// <param name="types">What validation made of its types.</param>
    /// <param name="code">Its code.</param>
    /// <param name="stack">Where its C stack is, if that is known from before; null to find it when it is asked for.</param>
    private Module(Engine engine, ModuleDefinition definition, ModuleTypes types, ModuleCode code, Lazy<StackLocation?>? stack = null)
    {
        Engine = engine;
        Definition = definition;
        Types = types;
        _stack = stack ?? new Lazy<StackLocation?>(() => StackSearch.Find(definition, Types));
        Code = code;
        Code.Module = this;
    }

    /// <summary>The engine that compiled the module.</summary>
    public Engine Engine { get; }

    /// <summary>The module's own name, from its name section; null without one.</summary>
    public string? Name => Definition.Names.ModuleName;

    internal ModuleDefinition Definition { get; }

    internal ModuleTypes Types { get; }

    /// <summary>The code that instances have unless their memories need another (<see cref="CodeFor"/>).</summary>
    internal ModuleCode Code { get; }

    /// <summary>The global that points to the C stack; null if none is found.</summary>
    internal StackLocation? StackLocation => _stack.Value;

    internal string FunctionName(int index) => Definition.Names.Function(index) ?? ExportedFunctionName(index) ?? $"function {index}";

    /// <summary>Whether there is a function with this number; else it is that of a piece of one (<see cref="Compilation.Piece"/>).</summary>
    internal bool HasFunction(int number) => number < Definition.Functions.Count;

    internal WasmFrame Describe(int functionIndex) => new(Name, functionIndex, FunctionName(functionIndex));

    private string? ExportedFunctionName(int index) => (_exportedFunctions ??= FindExportedFunctions()).GetValueOrDefault(index);

    /// <summary>The first name under which each exported function is.</summary>
    private Dictionary<int, string> FindExportedFunctions()
    {
        var names = new Dictionary<int, string>();
        foreach (var export in Definition.Exports)
        {
            if (export.Kind == ExternKind.Func)
                names.TryAdd(export.Index, export.Name);
        }

        return names;
    }
}
