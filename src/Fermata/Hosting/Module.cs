using Fermata.Binary;
using Fermata.Compilation;
using Fermata.Structure;
using Fermata.Suspension;
using Fermata.Validation;

namespace Fermata;

/// <summary>A validated and compiled module. It holds no state and can be instantiated in any number of stores of its engine.</summary>
public sealed partial class Module
{
    private readonly Lazy<int?> _stackPointer;

    private Module(Engine engine, ModuleDefinition definition)
    {
        Engine = engine;
        Definition = definition;
        _stackPointer = new Lazy<int?>(FindStackPointer);
        Types = ModuleValidator.Validate(definition, engine.Types);
        Code = ModuleCompiler.Compile(engine, definition, Types);
        Code.Module = this;
    }

    /// <summary>The engine that compiled the module.</summary>
    public Engine Engine { get; }

    /// <summary>The module's own name, from its name section; null without one.</summary>
    public string? Name => Definition.Names.ModuleName;

    internal ModuleDefinition Definition { get; }

    internal ModuleTypes Types { get; }

    internal CompiledModule Code { get; }

    /// <summary>The index of the global that points to the C stack; null if none is found.</summary>
    internal int? StackPointerIndex => _stackPointer.Value;

    internal string FunctionName(int index) => Definition.Names.Function(index) ?? ExportedFunctionName(index) ?? $"function {index}";

    internal WasmFrame Describe(int functionIndex) => new(Name, functionIndex, FunctionName(functionIndex));

    private string? ExportedFunctionName(int index) =>
        Definition.Exports.Find(export => export.Kind == ExternKind.Func && export.Index == index)?.Name;

    private int? FindStackPointer()
    {
        int?[] candidates =
        [
            FindExport(StackPointer.Name) is { Kind: ExternKind.Global } export ? export.Index : null,
            .. Enumerable.Range(0, Definition.Globals.Count)
                .Where(index => Definition.Names.Find(NameSubsection.Global, index) == StackPointer.Name)
                .Select(index => (int?)index),
            Definition.Imports.Find(import => import.Kind == ExternKind.Global && import.Name == StackPointer.Name)?.Index,
        ];
        return Array.Find(candidates, index => index is { } found && IsPointer(Types.GlobalTypes[found]));

        static bool IsPointer(GlobalType type) => type.IsMutable && type.Type.Kind is ValKind.I32 or ValKind.I64;
    }
}
