using System.Reflection;
using System.Reflection.Emit;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Compiles a validated module: a .NET class for its instances, and a static method for each function's run form.</summary>
internal sealed class ModuleCompiler
{
    private readonly CodeClasses _code;
    private readonly AssemblySeries _resumeForms = new("Fermata.ResumeForms");
    private readonly CompiledModule _result;
    private readonly LargeFrame?[] _largeFrames;
    private long _listedValues;

    private ModuleCompiler(Engine engine, ModuleDefinition definition, ModuleTypes types)
    {
        Options = engine.Options;
        Aggregates = engine.Aggregates;
        Definition = definition;
        Types = types;
        Suspension = new SuspensionAnalysis(definition, Options.ImplicitSites);
        var assembly = DynamicAssembly.Create("Fermata.Module");
        Calls = new CallWriter(assembly);
        Class = new InstanceClass(assembly, definition);
        _code = new CodeClasses(assembly);
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

    /// <summary>For the assembly that code is being written to.</summary>
    public CallWriter Calls { get; private set; }

    /// <summary>The run forms, by function index; null for imported functions.</summary>
    public MethodBuilder?[] Methods { get; }

    /// <summary>The function that is being compiled.</summary>
    public InstructionList Code { get; private set; } = new();

    /// <summary>The most numbers and references in a frame of a function that is interrupted in a loop.</summary>
    public (int Numbers, int References) LargestStop { get; private set; }

    public void NoteStop(CallSite site) =>
        LargestStop = (Math.Max(LargestStop.Numbers, site.NumberCount), Math.Max(LargestStop.References, site.ReferenceCount));

    public static CompiledModule Compile(Engine engine, ModuleDefinition definition, ModuleTypes types)
    {
        var compiler = new ModuleCompiler(engine, definition, types);
        for (var i = definition.ImportedFunctionCount; i < definition.Functions.Count; i++)
            compiler.CompileRunForm(i);

        // It is as large as the largest function.
        compiler.Code = new InstructionList();
        var instanceClass = compiler.Class.Builder.CreateType();
        compiler._code.Create();
        compiler._result.Complete(instanceClass);
        return compiler._result;
    }

    /// <summary>Makes the resume form of a function, in a class of its own since the others are complete.</summary>
    public MethodInfo CompileResumeForm(CompiledFunction function)
    {
        var type = _resumeForms.DefineCodeClass($"Resume{function.Index}");
        var assembly = (ModuleBuilder)type.Module;
        if (Calls.Assembly != assembly)
            Calls = new CallWriter(assembly);
        var method = type.DefineMethod(
            CompiledModule.MethodName(function.Index), MethodAttributes.Public | MethodAttributes.Static, typeof(void), FunctionCompiler.ResumeFormParameters);
        FunctionCompiler.EmitResumeForm(this, function, method.GetILGenerator());
        return type.CreateType().GetMethod(method.Name)!;
    }

    /// <summary>Counts what <see cref="FunctionCompiler"/> counts, over all functions.</summary>
    public void CountListedValues(int count)
    {
        _listedValues += count;
        var limit = FunctionCompiler.MaxListedValues(Definition.Bytes.Length);
        if (_listedValues > limit)
            throw new NotSupportedException($"The module has too many {FunctionCompiler.ListedValues}: {_listedValues}, and the limit is {limit}.");
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

        function.LargeFrameBytes = (nuint)frame.Bytes;
        var body = DefineMethod(CompiledModule.MethodName(index), index);
        var entry = FunctionCompiler.EmitRunForm(this, function, body.GetILGenerator());
        frame.EmitGuard(method.GetILGenerator(), body, Types.FunctionTypes[index].Func!, entry);
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
        var method = _code.DefineMethod(name, ClrTypes.ResultOf(type), [Class.Builder, .. ClrTypes.ParametersOf(type)]);
        method.InitLocals = type.ParameterArray.Length + Definition.Functions[index].Body!.UsableLocals > FunctionCompiler.ExplicitZeroLimit;
        return method;
    }
}
