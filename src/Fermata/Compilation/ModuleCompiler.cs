using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.ExceptionServices;
using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;
using RuntimeHelpers = System.Runtime.CompilerServices.RuntimeHelpers;

namespace Fermata.Compilation;

/// <summary>Compiles a validated module: a .NET class for its instances, and static methods for the forms of its functions.</summary>
/// <remarks>
/// The code of a function is made when it is first called or, if it is called directly, when its caller is compiled (<see cref="CodeOnDemand"/>). When the module is loaded only
/// those functions are compiled that might be beyond a limit (<see cref="FunctionLimits"/>).
/// </remarks>
internal sealed class ModuleCompiler : CodeMaker
{
    private const string RunFormPrefix = "Function";

    /// <summary>Where the code goes. Locked while some is made.</summary>
    private readonly CodeTarget _target;
    private readonly RunForm?[] _runForms;
    private readonly SplitFunctions _splits;
    private readonly ConcurrentDictionary<(CodeForm, int), InlinedCalls> _inlined = [];
    private (int Numbers, int References) _largestStop;

    /// <summary>Kept, as the address of its code does not keep an assembly.</summary>
    private readonly Dictionary<int, MethodInfo> _resumeForms = [];

    /// <param name="engine">The engine.</param>
    /// <param name="definition">The module.</param>
    /// <param name="types">What validation made of its types.</param>
    /// <param name="budget">What the code may cost that is made at the load.</param>
    /// <param name="hasGuards">Whether memories with 32-bit addresses have guard pages.</param>
    /// <param name="target">Where the code goes.</param>
    /// <param name="functions">Where it is noted what is known of each function and piece; null for a new list.</param>
    public ModuleCompiler(
        Engine engine, ModuleDefinition definition, ModuleTypes types, LoadBudget budget, bool hasGuards, CodeTarget target, FunctionCode[]? functions = null)
    {
        HasGuards = hasGuards;
        Budget = budget;
        Options = engine.Options;
        Aggregates = new AggregateClasses(engine.Types, engine.Aggregates, Options.IsCollectible);
        Definition = definition;
        Types = types;
        Suspension = new SuspensionAnalysis(definition, ImplicitSitesOf(Options), budget);
        Candidates = new InlineCandidates(this);
        StaticTables = new StaticTables(this);
        _target = target;
        _splits = new SplitFunctions(this);
        Functions = functions ?? new FunctionCode[_splits.NumberCount];
        _runForms = new RunForm?[_splits.NumberCount];
    }

    /// <summary>What is known of each function by its index, and of pieces of functions by numbers behind these.</summary>
    public FunctionCode[] Functions { get; }

    public EngineOptions Options { get; }

    /// <summary>Whether memories with 32-bit addresses have guard pages.</summary>
    public bool HasGuards { get; }

    public AggregateClasses Aggregates { get; }

    /// <summary>What the code may cost that is being made: as the caller of the load says, and afterwards anything.</summary>
    public LoadBudget Budget { get; private set; }

    public ModuleDefinition Definition { get; }

    public ModuleTypes Types { get; }

    public SuspensionAnalysis Suspension { get; }

    public InlineCandidates Candidates { get; }

    public StaticTables StaticTables { get; }

    public InstanceClass Class => _target.Class;

    /// <summary>The function that is being compiled.</summary>
    public InstructionList Code { get; private set; } = new();

    public override (int Numbers, int References) LargestStop => _largestStop;

    /// <summary>Notes how much a frame keeps of a function that is interrupted in a loop. That of functions that are compiled later was reckoned with.</summary>
    public void NoteStop(int numbers, int references) =>
        _largestStop = (Math.Max(_largestStop.Numbers, numbers), Math.Max(_largestStop.References, references));

    /// <summary>Whether code of the module can do without checks: there are guard pages, and memories that have them.</summary>
    public static bool UsesGuards(EngineOptions options, ModuleTypes types) =>
        options.BoundsChecks == BoundsChecks.Automatic && types.MemoryTypes.Any(type => !type.Is64) && GuardedArena.IsSupported;

    public static ModuleCode Compile(Engine engine, ModuleDefinition definition, ModuleTypes types, LoadBudget budget, bool hasGuards)
    {
        var options = engine.Options;
        var instances = InstanceClass.Define(DynamicAssembly.Create("Fermata.Module", options.IsCollectible), definition, types);
        var assemblies = new CodeAssemblies(options.IsCollectible, instances);
        var compiler = new ModuleCompiler(engine, definition, types, budget, hasGuards, assemblies);
        var code = new ModuleCode(compiler, compiler.Functions, new CodeFingerprint(definition.Bytes, options, hasGuards)) { NeedsGuards = hasGuards };
        assemblies.Code = code;
        compiler.CompileLargeFunctions();
        return code;
    }

    public override IEnumerable<int> Made =>
        Enumerable.Range(0, Definition.Functions.Count).Where(function => Volatile.Read(ref _runForms[function])?.Created is not null);

    public override Instance CreateInstance() => Class.CreateInstance();

    public override StructClass Struct(DefinedType type) => Aggregates.Struct(type);

    public override ArrayClass Array(DefinedType type) => Aggregates.Array(type);

    /// <summary>What code calls as a function of the module; null for one that it calls as the instance has it: one that is imported, or that is not where the code goes.</summary>
    public MethodInfo? MethodOf(int function) =>
        function < Definition.ImportedFunctionCount || !_target.Includes(function) ? null : _target.Find(function) ?? Define(function).Method;

    /// <summary>The parameters and results of a function, or of a piece of one.</summary>
    public FuncType SignatureOf(int number) => number < Definition.Functions.Count ? Types.FunctionSignature(number) : _splits.Find(number).Type;

    /// <summary>How large a function may become, for a comparison with limits.</summary>
    public FunctionSize SizeOf(int function)
    {
        var body = Definition.Functions[function].Body!;
        var notes = Types.Bodies.Of(function);
        var values = Types.FunctionTypes[function].Func!.ParameterArray.Length + body.UsableLocals + notes.Operands;
        var (sites, joins) = Suspension.Count(function);
        return new FunctionSize(body.Code.Length, values, sites, joins, notes.ListedValues, Definition.Memories.Count);
    }

    /// <summary>Notes where other functions are inlined in a form of a function.</summary>
    public void NoteInlined(CodeForm form, int function, InlinedCalls calls) => _inlined[(form, function)] = calls;

    public override InlinedCalls? FindInlined(CodeForm form, int function) => _inlined.GetValueOrDefault((form, function));

    public override nint Make(CodeForm form, int function)
    {
        var method = form == CodeForm.Run ? MakeRunForm(function).Entry : MakeResumeForm(function);
        return method.MethodHandle.GetFunctionPointer();
    }

    public override void Prepare(int function)
    {
        var (entry, body) = MakeRunForm(function);
        RuntimeHelpers.PrepareMethod(entry.MethodHandle);

        // A function that no stack has room for is never entered.
        if (body is not null && Define(function).Guard!.Value.Bytes <= Options.MaxNativeStackBytes)
            RuntimeHelpers.PrepareMethod(body.MethodHandle);
        foreach (var piece in PiecesOf(function))
            RuntimeHelpers.PrepareMethod(MakeRunForm(piece.Number).Entry.MethodHandle);
    }

    /// <summary>Makes a class that code names.</summary>
    /// <returns>Where it is; null if it is none of this compiler.</returns>
    public Assembly? Resolve(string className) =>
        className.StartsWith(RunFormPrefix, StringComparison.Ordinal)
        && int.TryParse(className.AsSpan(RunFormPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var function)
            ? MakeRunForm(function).Entry.Module.Assembly
            : null;

    private static ImplicitSites ImplicitSitesOf(EngineOptions options) =>
        options.SuspendEverywhere ? ImplicitSites.Everywhere
        : options.IsInterruptible || options.UsesFuel ? ImplicitSites.Throws | ImplicitSites.Entries | ImplicitSites.Loops
        : options.MovesStacks ? ImplicitSites.Throws | ImplicitSites.Entries
        : ImplicitSites.Throws;

    /// <summary>Compiles the functions that might be beyond a limit, so that a module is refused at its load or never. From then on code may cost anything.</summary>
    private void CompileLargeFunctions()
    {
        FunctionLimits.RequireFewListedValues(Definition, Types);
        for (var i = Definition.ImportedFunctionCount; i < Definition.Functions.Count; i++)
        {
            Budget.Function = i;
            CompileUnlessSmall(i);
        }

        // It is as large as the largest function.
        Code = new InstructionList();
        Budget.Function = null;
        Budget = new LoadBudget();
    }

    /// <summary>Compiles a function at once if that might fail; else only reckons with its frames.</summary>
    private void CompileUnlessSmall(int function)
    {
        var size = SizeOf(function);
        var isSmall = FunctionLimits.AreFarFrom(size);
        if (!isSmall)
            MakeRunForm(function);
        if (!Suspension.HasLoopSites)
            return;
        var values = _splits.MayBeSplit(function) ? PieceSizes.Of(Options).MostValues(size.Values, isSmall) : isSmall ? size.Values : 0;
        NoteStop(SlotLayout.MostNumbers * values, values);
    }

    /// <summary>The pieces that a function is compiled in; none if it is compiled as a whole.</summary>
    public Piece[] PiecesOf(int function)
    {
        lock (_target)
            return (_splits.Find(function) as SplitFunction)?.Pieces ?? [];
    }

    /// <summary>The run form of a function, or of a piece of one, with its code.</summary>
    public RunForm.Made MakeRunForm(int function)
    {
        var form = Volatile.Read(ref _runForms[function]);
        return form?.Created ?? CodeOnDemand.WithStack(() => EmitRunForm(function));
    }

    private RunForm Define(int function)
    {
        lock (_target)
        {
            if (_runForms[function] is { } form)
                return form;

            var type = _target.DefineClass(this, RunFormPrefix + function.ToString(CultureInfo.InvariantCulture));
            if (!_splits.IsFunction(function))
                return _runForms[function] = new RunForm(type, DefineMethod(type, ModuleCode.MethodName(function), SignatureOf(function)), null);

            var unit = _splits.Find(function);
            var objectBytes = StackObjects.BytesOf(Definition, Types, Definition.Functions[function].Body!, Budget);
            var guard = LargeFrame.Of(unit.CountValues(this), Types.Bodies.Of(function).ListedValues, objectBytes);
            var method = DefineMethod(type, guard is null ? ModuleCode.MethodName(function) : LargeFrame.GuardName(function), SignatureOf(function));
            method.InitLocals = guard is null && HasManyLocals(unit);
            if (objectBytes > StackObjects.InlineThreshold)
                method.SetImplementationFlags(MethodImplAttributes.NoInlining);
            return _runForms[function] = new RunForm(type, method, guard);
        }
    }

    private RunForm.Made EmitRunForm(int function)
    {
        lock (_target)
        {
            var form = Define(function);
            form.Failure?.Throw();
            try
            {
                return form.Created ??= Emit(function, form);
            }
            catch (Exception exception)
            {
                // There is no way to begin again with a method that has some code.
                form.Failure = ExceptionDispatchInfo.Capture(exception);
                throw;
            }
        }
    }

    private RunForm.Made Emit(int function, RunForm form)
    {
        ref var code = ref Functions[function];
        var unit = _splits.Find(function);
        var body = form.Method;
        if (form.Guard is not null)
        {
            body = DefineMethod(form.Class, ModuleCode.MethodName(function), unit.Type);
            body.InitLocals = HasManyLocals(unit);
        }

        (code.Sites, code.FrameTypes, var entry) = FunctionCompiler.EmitRunForm(this, unit, body, _target.WriterOf(body));
        code.LargeFrameBytes = (nuint)(Define(unit.Function).Guard?.Bytes ?? 0);
        form.Guard?.EmitGuard(_target.WriterOf(form.Method), body, unit.Type, entry);
        return new(_target.Complete(form.Method), form.Guard is null ? null : _target.Complete(body));
    }

    public override bool HasCode(int number)
    {
        lock (_target)
            return number >= Definition.ImportedFunctionCount && _splits.Has(number);
    }

    /// <summary>The resume form of a function whose run form was made, here or elsewhere.</summary>
    public MethodInfo MakeResumeForm(int function) => CodeOnDemand.WithStack(() => EmitResumeForm(function));

    private MethodInfo EmitResumeForm(int function)
    {
        lock (_target)
        {
            if (_resumeForms.TryGetValue(function, out var made))
                return made;
            var type = _target.DefineClass(this, $"Resume{function}");
            var method = type.DefineMethod(
                ModuleCode.MethodName(function), MethodAttributes.Public | MethodAttributes.Static, typeof(void), FunctionCompiler.ResumeFormParameters);
            FunctionCompiler.EmitResumeForm(this, _splits.Find(function), Functions[function].Sites.Length, method, _target.WriterOf(method));
            made = _target.Complete(method);
            _resumeForms.Add(function, made);
            return made;
        }
    }

    private MethodBuilder DefineMethod(TypeBuilder @class, string name, FuncType type)
    {
        var method = @class.DefineMethod(
            name, MethodAttributes.Public | MethodAttributes.Static, ClrTypes.ResultOf(type), [Class.Type, .. ClrTypes.ParametersOf(type)]);
        method.InitLocals = false;
        return method;
    }

    /// <summary>Whether a function may have so many locals that they are set to zero by the prologue of its method.</summary>
    private bool HasManyLocals(CodeUnit unit) =>
        unit.Type.ParameterArray.Length + Definition.Functions[unit.Function].Body!.UsableLocals + unit.AddedLocals.Count > FunctionCompiler.ExplicitZeroLimit;
}
