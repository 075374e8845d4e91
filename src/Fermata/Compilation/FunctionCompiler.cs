using System.Reflection;
using System.Reflection.Emit;
using Fermata.Binary;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>Compiles one function to IL: its run form, or its resume form.</summary>
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

    private readonly ModuleCompiler _module;
    private readonly int _function;
    private readonly ILGenerator _il;
    private readonly bool _isResumeForm;
    private readonly FunctionLimits _limits;
    private readonly Variables _variables;
    private readonly OperandStack _stack;
    private readonly FuncType _type;
    private readonly FunctionBody _body;
    private readonly Variable[] _locals;
    private readonly FunctionUses _uses;
    private readonly Dictionary<int, BitSet> _liveAfter;
    private readonly LocalBuilder? _context;

    /// <summary>In a resume form, from its start on.</summary>
    private ResumeDispatch? _resume;

    /// <summary>How many of the locals are parameters; they are first.</summary>
    private int _parameterCount;

    private FunctionCompiler(ModuleCompiler module, int function, ILGenerator il, bool isResumeForm)
    {
        _module = module;
        _function = function;
        _il = il;
        _isResumeForm = isResumeForm;
        _type = module.Types.FunctionTypes[function].Func!;
        _body = module.Definition.Functions[function].Body!;
        _limits = new FunctionLimits(module, function, isResumeForm);
        _variables = new Variables(il, _limits);
        module.Code.Read(module.Definition.Bytes.Span, _body.Code, module.Budget);
        _locals = DeclareLocals();
        _uses = FunctionUses.Of(module, _type);
        _stack = new OperandStack(il, new OperandEmitter(il, _uses.SubtractsVectors), _variables);
        _limits.RequireFewLiveSets(_uses, _locals.Length);
        _limits.RequireShortBranches(_uses);
        _liveAfter = _uses.Sites.Count > 0 ? Liveness.Analyze(module.Code, module.Suspension, _uses.Polls, _locals.Length, module.Budget) : [];
        FrameTree.Rank(_locals, _liveAfter.Values);
        if (_uses.NeedsContext || isResumeForm)
            _context = _variables.DeclareLocal(typeof(StoreContext));
    }

    /// <summary>Emits the run form.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="function">The index of the function.</param>
    /// <param name="method">The method.</param>
    /// <param name="il">The code of the method.</param>
    /// <returns>The calls that may suspend, and the site at its entry; null if it has none.</returns>
    public static (CallSite[] Sites, SiteEmission? Entry) EmitRunForm(ModuleCompiler module, int function, MethodBuilder method, ILGenerator il)
    {
        var compiler = new FunctionCompiler(module, function, il, isResumeForm: false);
        compiler.KeepInTraces(method);
        compiler.EmitRunPrologue();
        compiler.EmitBody();
        compiler.EmitColdCode();
        return ([.. compiler._sites.Select(site => site.Info)], compiler._entry);
    }

    /// <summary>Emits the resume form.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="function">The index of the function.</param>
    /// <param name="siteCount">How many sites the run form has.</param>
    /// <param name="method">The method.</param>
    /// <param name="il">The code of the method.</param>
    public static void EmitResumeForm(ModuleCompiler module, int function, int siteCount, MethodBuilder method, ILGenerator il)
    {
        var compiler = new FunctionCompiler(module, function, il, isResumeForm: true);
        compiler.KeepInTraces(method);
        compiler.EmitResumePrologue(siteCount);
        compiler.EmitBody();
        compiler.EmitColdCode();
        compiler._resume!.EmitRestorePaths();
    }

    /// <summary>
    /// Keeps the JIT from inlining a function that traces need (<see cref="WasmTrace"/>). It costs little: of the 410 calls that the JIT inlines in all
    /// of CPython, 377 are of functions that neither trap nor call.
    /// </summary>
    private void KeepInTraces(MethodBuilder method)
    {
        if (_module.Suspension.IsInTraces(_function))
            method.SetImplementationFlags(MethodImplAttributes.NoInlining);
    }

    /// <summary>The parameters and locals that the code names; the list of instructions has new indices for them.</summary>
    private Variable[] DeclareLocals()
    {
        var parameters = _type.ParameterArray;
        var (group, end) = (-1, (long)parameters.Length);
        var named = _module.Code.NumberLocals();
        var locals = new Variable[named.Count];
        _parameterCount = named.FindIndex(local => local >= parameters.Length) is >= 0 and var first ? first : named.Count;
        for (var i = 0; i < locals.Length; i++)
        {
            var local = named[i];
            while (local >= end)
                end += _body.Locals[++group].Count;
            if (group >= 0)
                locals[i] = _variables.Declare(_module.Types.Resolve(_body.Locals[group].Type));
            else
                locals[i] = _isResumeForm ? _variables.Declare(parameters[local]) : new Variable(parameters[local], null, local + 1);
        }

        return locals;
    }

    private void EmitRunPrologue()
    {
        if (_context is not null)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Ldfld, ContextMembers.Context);
            _il.Emit(OpCodes.Stloc, _context);
        }

        EmitEntry();
        EmitMemoryPrologue();
        EmitZeroLocals();
    }

    private void EmitZeroLocals()
    {
        if (_locals.Length > ExplicitZeroLimit)
            return;
        foreach (var local in _locals.AsSpan(_parameterCount))
        {
            if (local.Type == ValType.V128)
                VectorConstant.Emit(_il, 0, 0, _uses.SubtractsVectors);
            else
                ClrTypes.EmitDefault(_il, ClrTypes.Of(local.Type));
            local.EmitStore(_il);
        }
    }

    /// <summary>The context; from the instance where little code needs it, since a local of its own takes a register from loops.</summary>
    private void EmitContext()
    {
        if (_context is not null)
        {
            _il.Emit(OpCodes.Ldloc, _context);
            return;
        }

        EmitInstance();
        _il.Emit(OpCodes.Ldfld, ContextMembers.Context);
    }

    private void EmitInstance() => _il.Emit(OpCodes.Ldarg_0);
}
