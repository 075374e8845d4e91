using System.Reflection;
using System.Reflection.Emit;
using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;
using RuntimeHelpers = System.Runtime.CompilerServices.RuntimeHelpers;

namespace Fermata.Compilation;

/// <summary>Compiles a validated module: a .NET class for its instances, and a static method for each function's run form.</summary>
internal sealed class ModuleCompiler : CodeMaker
{
    private readonly CodeClasses _code;
    private readonly AssemblySeries _resumeForms = new("Fermata.ResumeForms");
    private readonly FunctionCode[] _functions;
    private readonly LargeFrame?[] _largeFrames;

    /// <summary>What the methods that check the stack first stand before, by function index.</summary>
    private readonly Dictionary<int, MethodBuilder> _guardedBodies = [];

    private long _listedValues;
    private ModuleCode _result = null!;
    private Type _instanceClass = null!;
    private ConstructorInfo _constructor = null!;

    /// <summary>Kept, as the address of its code does not keep an assembly.</summary>
    private readonly List<MethodInfo> _resumeMethods = [];

    private ModuleCompiler(Engine engine, ModuleDefinition definition, ModuleTypes types, LoadBudget budget)
    {
        Budget = budget;
        Options = engine.Options;
        Aggregates = new AggregateClasses(engine.Types, engine.Aggregates);
        Definition = definition;
        Types = types;
        Suspension = new SuspensionAnalysis(definition, ImplicitSitesOf(Options), budget);
        var assembly = DynamicAssembly.Create("Fermata.Module");
        Tokens = new MemberTokens(assembly);
        Class = new InstanceClass(assembly, definition, types);
        _code = new CodeClasses(assembly);
        _largeFrames = new LargeFrame?[definition.Functions.Count];
        Methods = DefineMethods();
        _functions = new FunctionCode[definition.Functions.Count];
    }

    public EngineOptions Options { get; }

    public AggregateClasses Aggregates { get; }

    /// <summary>What the code may cost that is being made: as the caller of the load says, and afterwards anything.</summary>
    public LoadBudget Budget { get; private set; }

    public ModuleDefinition Definition { get; }

    public ModuleTypes Types { get; }

    public SuspensionAnalysis Suspension { get; }

    public InstanceClass Class { get; }

    /// <summary>For the assembly that code is being written to.</summary>
    public MemberTokens Tokens { get; private set; }

    /// <summary>The run forms, by function index; null for imported functions.</summary>
    public MethodBuilder?[] Methods { get; }

    /// <summary>The function that is being compiled.</summary>
    public InstructionList Code { get; private set; } = new();

    /// <summary>The most numbers and references in a frame of a function that is interrupted in a loop.</summary>
    public (int Numbers, int References) LargestStop { get; private set; }

    public void NoteStop(CallSite site) =>
        LargestStop = (Math.Max(LargestStop.Numbers, site.NumberCount), Math.Max(LargestStop.References, site.ReferenceCount));

    public static ModuleCode Compile(Engine engine, ModuleDefinition definition, ModuleTypes types, LoadBudget budget)
    {
        var compiler = new ModuleCompiler(engine, definition, types, budget);
        for (var i = definition.ImportedFunctionCount; i < definition.Functions.Count; i++)
        {
            budget.Function = i;
            compiler.CompileRunForm(i);
        }

        // It is as large as the largest function.
        compiler.Code = new InstructionList();
        budget.Function = null;
        compiler.Budget = new LoadBudget();
        compiler._instanceClass = compiler.Class.Builder.CreateType();
        compiler._constructor = compiler._instanceClass.GetConstructor(Type.EmptyTypes)!;
        compiler._code.Create(budget);
        compiler._result = new ModuleCode(compiler, compiler._functions, new CodeFingerprint(definition.Bytes, engine.Options)) { LargestStop = compiler.LargestStop };
        compiler._result.Name(compiler._instanceClass.Assembly);
        return compiler._result;
    }

    public override Instance CreateInstance()
    {
        var instance = (Instance)_constructor.Invoke(null);
        Class.BindTypes(instance);
        return instance;
    }

    public override StructClass Struct(DefinedType type) => Aggregates.Struct(type);

    public override ArrayClass Array(DefinedType type) => Aggregates.Array(type);

    public override nint Make(CodeForm form, int function)
    {
        if (form == CodeForm.Run)
            return HandleOf(Methods[function]!).GetFunctionPointer();

        var method = CompileResumeForm(function);
        _resumeMethods.Add(method);
        _result.Name(method.Module.Assembly);
        return method.MethodHandle.GetFunctionPointer();
    }

    public override void Prepare(int function)
    {
        RuntimeHelpers.PrepareMethod(HandleOf(Methods[function]!));

        // A function that no stack has room for is never entered.
        if (_guardedBodies.TryGetValue(function, out var body) && _largeFrames[function]!.Value.Bytes <= Options.MaxNativeStackBytes)
            RuntimeHelpers.PrepareMethod(HandleOf(body));
    }

    /// <summary>Not by way of reflection, which searches through all methods of a class that were asked for.</summary>
    private RuntimeMethodHandle HandleOf(MethodBuilder method) =>
        _instanceClass.Module.ModuleHandle.GetRuntimeMethodHandleFromMetadataToken(method.MetadataToken);

    /// <summary>Makes the resume form of a function, in a class of its own since the others are complete.</summary>
    private MethodInfo CompileResumeForm(int function)
    {
        var type = _resumeForms.DefineCodeClass($"Resume{function}");
        var assembly = (ModuleBuilder)type.Module;
        if (Tokens.Assembly != assembly)
            Tokens = new MemberTokens(assembly);
        var method = type.DefineMethod(
            ModuleCode.MethodName(function), MethodAttributes.Public | MethodAttributes.Static, typeof(void), FunctionCompiler.ResumeFormParameters);
        FunctionCompiler.EmitResumeForm(this, function, _functions[function].Sites.Length, method);
        return type.CreateType().GetMethod(method.Name)!;
    }

    /// <summary>Counts what <see cref="FunctionLimits"/> counts, over all functions.</summary>
    public void CountListedValues(int count)
    {
        _listedValues += count;
        var limit = FunctionLimits.MaxListedValues(Definition.Bytes.Length);
        if (_listedValues > limit)
            throw new NotSupportedException($"The module has too many {FunctionLimits.ListedValues}: {_listedValues}, and the limit is {limit}.");
    }

    private static ImplicitSites ImplicitSitesOf(EngineOptions options) =>
        options.SuspendEverywhere ? ImplicitSites.Everywhere
        : options.IsInterruptible || options.UsesFuel ? ImplicitSites.Throws | ImplicitSites.Entries | ImplicitSites.Loops
        : options.MovesStacks ? ImplicitSites.Throws | ImplicitSites.Entries
        : ImplicitSites.Throws;

    private void CompileRunForm(int index)
    {
        ref var function = ref _functions[index];
        var method = Methods[index]!;
        if (_largeFrames[index] is not { } frame)
        {
            (function.Sites, _) = FunctionCompiler.EmitRunForm(this, index, method);
            return;
        }

        function.LargeFrameBytes = (nuint)frame.Bytes;
        var body = _guardedBodies[index] = DefineMethod(ModuleCode.MethodName(index), index);
        (function.Sites, var entry) = FunctionCompiler.EmitRunForm(this, index, body);
        frame.EmitGuard(Tokens.WriterOf(method), body, Types.FunctionTypes[index].Func!, entry);
    }

    private MethodBuilder?[] DefineMethods()
    {
        var methods = new MethodBuilder?[Definition.Functions.Count];
        for (var i = Definition.ImportedFunctionCount; i < methods.Length; i++)
        {
            var body = Definition.Functions[i].Body!;
            var objectBytes = StackObjects.BytesOf(Definition, Types, body, Budget);
            _largeFrames[i] = LargeFrame.Of(body, Types.ListedValues.GetValueOrDefault(i), objectBytes);
            methods[i] = DefineMethod(_largeFrames[i] is null ? ModuleCode.MethodName(i) : LargeFrame.GuardName(i), i);
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
