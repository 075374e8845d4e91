using Fermata.Compilation;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata;

/// <summary>A validated and compiled module. It holds no state and can be instantiated in any number of stores of its engine.</summary>
public sealed partial class Module
{
    private Module(Engine engine, ModuleDefinition definition)
    {
        Engine = engine;
        Definition = definition;
        Types = ModuleValidator.Validate(definition, engine.Types);
        Code = ModuleCompiler.Compile(engine.Options, definition, Types);
        Code.Module = this;
    }

    /// <summary>The engine that compiled the module.</summary>
    public Engine Engine { get; }

    /// <summary>The module's own name, from its name section; null without one.</summary>
    public string? Name => Definition.Names.ModuleName;

    internal ModuleDefinition Definition { get; }

    internal ModuleTypes Types { get; }

    internal CompiledModule Code { get; }

    internal string FunctionName(int index) => Definition.Names.Function(index) ?? ExportedFunctionName(index) ?? $"function {index}";

    internal WasmFrame Describe(int functionIndex) => new(Name, functionIndex, FunctionName(functionIndex));

    private string? ExportedFunctionName(int index) =>
        Definition.Exports.Find(export => export.Kind == ExternKind.Func && export.Index == index)?.Name;
}
