using System.Reflection.Emit;
using Fermata.Execution;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Compiles one function to IL: its run form, or its resume form (DESIGN §2, FRAMES).</summary>
/// <remarks>
/// Both forms are the same walk over the instructions. They differ at the start, where the resume form dispatches to a call site
/// instead of beginning, and at the end, where it leaves its results in the context's slots, since what called it is a loop.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    /// <summary>The parameters of a resume form: instance, context, the frame's numbers and references, the call site.</summary>
    public static readonly Type[] ResumeFormParameters =
        [typeof(Instance), typeof(StoreContext), typeof(ulong).MakeByRefType(), typeof(object).MakeByRefType(), typeof(int)];

    /// <summary>Up to so many locals are set to zero by instructions, which the JIT drops where they are not needed; more by the method's prologue.</summary>
    public const int ExplicitZeroLimit = 256;

    /// <summary>The size of the sets of live locals of a function together.</summary>
    private const long MaxLivenessBits = 400_000_000;

    private readonly ModuleCompiler _module;
    private readonly CompiledFunction _function;
    private readonly ILGenerator _il;
    private readonly bool _isResumeForm;
    private readonly FuncType _type;
    private readonly Variable[] _locals;
    private readonly FunctionUses _uses;
    private readonly Dictionary<int, BitSet> _liveAfter;
    private readonly LocalBuilder? _context;

    private FunctionCompiler(ModuleCompiler module, CompiledFunction function, ILGenerator il, bool isResumeForm)
    {
        _module = module;
        _function = function;
        _il = il;
        _isResumeForm = isResumeForm;
        _type = module.Types.FunctionTypes[function.Index].Func!;
        var body = module.Definition.Functions[function.Index].Body!;
        module.Code.Read(module.Definition.Bytes.Span, body.Code);
        _locals = DeclareLocals(body);
        _uses = FunctionUses.Of(module, _type);
        if ((long)_uses.Sites.Count * _locals.Length > MaxLivenessBits)
            throw TooManyLiveValues();
        _liveAfter = _uses.Sites.Count > 0 ? Liveness.Analyze(module.Code, module.Suspension, _locals.Length) : [];
        if (_uses.NeedsContext || isResumeForm)
            _context = il.DeclareLocal(typeof(StoreContext));
    }

    public static void EmitRunForm(ModuleCompiler module, CompiledFunction function, ILGenerator il)
    {
        var compiler = new FunctionCompiler(module, function, il, isResumeForm: false);
        compiler.EmitRunPrologue();
        compiler.EmitBody();
        compiler.EmitColdCode();
        compiler.EmitReturns();
        function.Sites = [.. compiler._sites.Select(site => site.Info)];
    }

    public static void EmitResumeForm(ModuleCompiler module, CompiledFunction function, ILGenerator il)
    {
        var compiler = new FunctionCompiler(module, function, il, isResumeForm: true);
        compiler.EmitResumePrologue();
        compiler.EmitBody();
        compiler.EmitColdCode();
        compiler.EmitRestorePaths();
        compiler.EmitReturns();
    }

    private Variable[] DeclareLocals(FunctionBody body)
    {
        var locals = new List<Variable>(_type.ParameterArray.Length);
        foreach (var type in _type.ParameterArray)
        {
            var argument = locals.Count + 1;
            locals.Add(_isResumeForm ? NewVariable(type) : new Variable(type, null, argument));
        }

        foreach (var group in body.Locals)
        {
            var type = _module.Types.Resolve(group.Type);
            for (var i = 0; i < group.Count; i++)
                locals.Add(NewVariable(type));
        }

        return [.. locals];
    }

    private Variable NewVariable(ValType type) => new(type, _il.DeclareLocal(ClrTypes.Of(type)));

    private void EmitRunPrologue()
    {
        if (_context is not null)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldfld, ContextMembers.Context);
            _il.Emit(OpCodes.Stloc, _context);
        }

        if (_uses.HasCalls)
            EmitStackCheck();
        EmitMemoryPrologue();
        EmitZeroLocals();
    }

    /// <summary>The address of a local stands for the stack pointer. .NET cannot recover from a stack overflow, so it never comes to one.</summary>
    private void EmitStackCheck()
    {
        _il.Emit(OpCodes.Ldloca, _il.DeclareLocal(typeof(int)));
        _il.Emit(OpCodes.Conv_U);
        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.StackLimit);
        _il.Emit(OpCodes.Blt_Un, TrapPath(nameof(Trap.StackExhausted)));
    }

    private void EmitZeroLocals()
    {
        if (_locals.Length > ExplicitZeroLimit)
            return;
        foreach (var local in _locals.AsSpan(_type.ParameterArray.Length))
        {
            if (local.Type == ValType.V128)
                VectorConstant.Emit(_il, _module.Calls, 0, 0, _uses.SubtractsVectors);
            else
                ClrTypes.EmitDefault(_il, ClrTypes.Of(local.Type));
            local.EmitStore(_il);
        }
    }

    private void EmitContext() => _il.Emit(OpCodes.Ldloc, _context!);

    private void EmitInstance() => _il.Emit(OpCodes.Ldarg_0);
}
