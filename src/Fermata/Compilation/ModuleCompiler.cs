using System.Reflection;
using System.Reflection.Emit;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Compiles a validated module: one .NET class for its instances, with a static method for each function's run form.</summary>
internal sealed class ModuleCompiler
{
    private readonly ModuleBuilder _assembly = DynamicAssembly.Create("Fermata.Module");
    private readonly CompiledModule _result;
    private readonly LargeFrame?[] _largeFrames;

    private ModuleCompiler(Engine engine, ModuleDefinition definition, ModuleTypes types)
    {
        Options = engine.Options;
        Aggregates = engine.Aggregates;
        Definition = definition;
        Types = types;
        Suspension = new SuspensionAnalysis(definition, Options.SuspendEverywhere);
        Calls = new CallWriter(_assembly);
        Class = new InstanceClass(_assembly, definition);
        _largeFrames = new LargeFrame?[definition.Functions.Count];
        Methods = DefineMethods();
        _result = new CompiledModule(this);
    }

    public EngineOptions Options { get; }

    public AggregateClasses Aggregates { get; }

    public ModuleDefinition Definition { get; }

    public ModuleTypes Types { get; }

    public SuspensionAnalysis Suspension { get; }

    public InstanceClass Class { get; }

    public CallWriter Calls { get; }

    /// <summary>The run forms, by function index; null for imported functions.</summary>
    public MethodBuilder?[] Methods { get; }

    public InstructionList Code { get; } = new();

    public static CompiledModule Compile(Engine engine, ModuleDefinition definition, ModuleTypes types)
    {
        var compiler = new ModuleCompiler(engine, definition, types);
        for (var i = definition.ImportedFunctionCount; i < definition.Functions.Count; i++)
            compiler.CompileRunForm(i);
        compiler._result.Complete(compiler.CreateClass());
        return compiler._result;
    }

    /// <summary>Makes the resume form of a function, in a class of its own since the module's class is complete.</summary>
    public nint CompileResumeForm(CompiledFunction function)
    {
        var type = _assembly.DefineType($"Resume{function.Index}", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var method = type.DefineMethod(
            CompiledModule.MethodName(function.Index), MethodAttributes.Public | MethodAttributes.Static, typeof(void), FunctionCompiler.ResumeFormParameters);
        FunctionCompiler.EmitResumeForm(this, function, method.GetILGenerator());
        return type.CreateType().GetMethod(method.Name)!.MethodHandle.GetFunctionPointer();
    }

    private Type CreateClass()
    {
        try
        {
            return Class.Builder.CreateType();
        }
        catch (TypeLoadException exception)
        {
            throw new NotSupportedException("The module has more functions than Fermata supports: a .NET class has about 65,000 at most.", exception);
        }
    }

    private void CompileRunForm(int index)
    {
        var function = _result.Function(index);
        var method = Methods[index]!;
        if (_largeFrames[index] is not { } frame)
        {
            FunctionCompiler.EmitRunForm(this, function, method.GetILGenerator());
            return;
        }

        var body = DefineMethod(CompiledModule.MethodName(index), index);
        FunctionCompiler.EmitRunForm(this, function, body.GetILGenerator());
        frame.EmitGuard(method.GetILGenerator(), body, Types.FunctionTypes[index].Func!);
    }

    private MethodBuilder?[] DefineMethods()
    {
        var methods = new MethodBuilder?[Definition.Functions.Count];
        for (var i = Definition.ImportedFunctionCount; i < methods.Length; i++)
        {
            var body = Definition.Functions[i].Body!;
            var objectBytes = StackObjects.BytesOf(Definition, Types, body);
            _largeFrames[i] = LargeFrame.Of(body, objectBytes);
            methods[i] = DefineMethod(_largeFrames[i] is null ? CompiledModule.MethodName(i) : CompiledModule.GuardName(i), i);
            if (objectBytes > StackObjects.InlineThreshold)
                methods[i]!.SetImplementationFlags(MethodImplAttributes.NoInlining);
        }

        return methods;
    }

    private MethodBuilder DefineMethod(string name, int index)
    {
        var type = Types.FunctionTypes[index].Func!;
        var method = Class.Builder.DefineMethod(
            name,
            MethodAttributes.Public | MethodAttributes.Static,
            ClrTypes.ResultOf(type),
            [Class.Builder, .. ClrTypes.ParametersOf(type)]);
        var locals = type.ParameterArray.Length + Definition.Functions[index].Body!.Locals.Sum(group => (long)group.Count);
        method.InitLocals = locals > FunctionCompiler.ExplicitZeroLimit;
        return method;
    }
}
