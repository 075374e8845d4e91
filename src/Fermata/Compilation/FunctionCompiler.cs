using System.Reflection;
using System.Reflection.Emit;
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
    private readonly CodeUnit _unit;
    private readonly ILGenerator _il;
    private readonly bool _isResumeForm;
    private readonly FunctionLimits _limits;
    private readonly Variables _variables;
    private readonly OperandStack _stack;
    private readonly FuncType _type;
    private readonly Inlining _inlining;
    private readonly Variable[] _locals;
    private readonly FunctionUses _uses;
    private readonly Dictionary<int, BitSet> _liveAfter;
    private readonly LocalBuilder? _context;

    /// <summary>Whether .NET may find the method too large for its optimizer: asked where there are loops.</summary>
    private bool? _mayStayUnoptimized;

    /// <summary>In a resume form, from its start on.</summary>
    private ResumeDispatch? _resume;

    private FunctionCompiler(ModuleCompiler module, CodeUnit unit, ILGenerator il, bool isResumeForm)
    {
        _module = module;
        _unit = unit;
        _cold = ColdCodeOf(activation: 0);
        _il = il;
        _isResumeForm = isResumeForm;
        _type = unit.Type;
        _limits = new FunctionLimits(module, unit.Function, isResumeForm);
        _variables = new Variables(il, _limits);
        module.Code.Clear();
        _inlining = unit.Read(module, module.Code);
        _locals = DeclareLocals();
        _uses = FunctionUses.Of(module, _type);
        _stack = new OperandStack(il, new OperandEmitter(il, _uses.SubtractsVectors, module.Options.IsDeterministic), _variables);
        _limits.RequireFewLiveSets(_uses, _locals.Length);
        _limits.RequireShortBranches(_uses);
        _liveAfter = _uses.Sites.Count > 0 ? Liveness.Analyze(module.Code, module.Suspension, _uses.Polls, _locals.Length, module.Budget) : [];
        FrameTree.Rank(_locals, _liveAfter);
        if (_uses.NeedsContext || isResumeForm)
            _context = _variables.DeclareLocal(typeof(StoreContext));
    }

    /// <summary>Emits the run form.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="unit">What is compiled.</param>
    /// <param name="method">The method.</param>
    /// <param name="il">The code of the method.</param>
    /// <returns>The calls that may suspend, the types of frames there, and the site at its entry; null if it has none.</returns>
    public static (CallSite[] Sites, FrameTypes Types, SiteEmission? Entry) EmitRunForm(ModuleCompiler module, CodeUnit unit, MethodBuilder method, ILGenerator il)
    {
        var compiler = new FunctionCompiler(module, unit, il, isResumeForm: false);
        compiler.KeepInTraces(method);
        compiler.EmitRunPrologue();
        compiler.EmitBody();
        compiler.EmitColdCode();
        compiler.NoteInlined();
        var sites = new CallSite[compiler._sites.Count];
        var types = new SiteTypes[sites.Length];
        for (var i = 0; i < sites.Length; i++)
        {
            var site = compiler._sites[i];
            sites[i] = site.Info;
            types[i] = new SiteTypes(site.ResultTypes, site.ReferenceTypes);
        }

        return (sites, new FrameTypes(types, unit.Type.ResultArray), compiler._entry);
    }

    /// <summary>Emits the resume form.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="unit">What is compiled.</param>
    /// <param name="siteCount">How many sites the run form has.</param>
    /// <param name="method">The method.</param>
    /// <param name="il">The code of the method.</param>
    public static void EmitResumeForm(ModuleCompiler module, CodeUnit unit, int siteCount, MethodBuilder method, ILGenerator il)
    {
        var compiler = new FunctionCompiler(module, unit, il, isResumeForm: true);
        compiler.KeepInTraces(method);
        compiler.EmitResumePrologue(siteCount);
        compiler.EmitBody();
        compiler.EmitColdCode();
        compiler._resume!.EmitRestorePaths();
        compiler.NoteInlined();
    }

    /// <summary>
    /// Keeps the JIT from inlining a function that traces need (<see cref="WasmTrace"/>). It costs little: of the 410 calls that the JIT inlines in all
    /// of CPython, 377 are of functions that neither trap nor call.
    /// </summary>
    private void KeepInTraces(MethodBuilder method)
    {
        if (_module.Suspension.IsInTraces(_unit.Number))
            method.SetImplementationFlags(MethodImplAttributes.NoInlining);
    }

    /// <summary>The parameters and locals that the code names; the list of instructions has new indices for them.</summary>
    private Variable[] DeclareLocals()
    {
        var named = _module.Code.NumberLocals();
        var types = new LocalTypes(_module, _unit.Function, [.. _unit.AddedLocals, .. _inlining.Locals]);
        var locals = new Variable[named.Count];
        for (var i = 0; i < locals.Length; i++)
        {
            var type = types.Of(named[i]);
            var parameter = _unit.ParameterOf(named[i]);
            locals[i] = parameter < 0 || _isResumeForm ? _variables.Declare(type) : new Variable(type, null, parameter + 1);
            locals[i].IsParameter = parameter >= 0;
            locals[i].IsInlined = _inlining.HasLocal(named[i]);
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
        if (!_unit.IsPiece)
            EmitZeroLocals();
    }

    private void EmitZeroLocals()
    {
        if (_locals.Count(local => !local.IsInlined) > ExplicitZeroLimit)
            return;
        foreach (var local in _locals)
        {
            if (local.IsParameter || local.IsInlined)
                continue;
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

    /// <summary>At the head of a loop.</summary>
    private void EmitSafePoint()
    {
        if (!(_mayStayUnoptimized ??= MethodSize.MayBeLarge(_module, _unit.Function, _liveAfter.Values)))
            return;
        _il.Emit(OpCodes.Ldc_I4_1);
        _il.Emit(OpCodes.Call, ContextMembers.SafePoint);
        _il.Emit(OpCodes.Pop);
    }

    private void EmitInstance() => _il.Emit(OpCodes.Ldarg_0);
}
