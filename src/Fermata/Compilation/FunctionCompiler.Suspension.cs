using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Sites: the test whether the function is suspended there, saving the frame, and the way back in.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Loops nested deeper are entered at their call sites: the tables would grow with the square of the depth.</summary>
    private const int MaxLoopDepth = 32;

    private readonly List<SiteEmission> _sites = [];
    private Dispatch? _dispatch;
    private int _loopDepth;
    private LocalBuilder? _frame;

    /// <summary>In a resume form: one more than the number of the site that is still to be reached, or zero.</summary>
    private LocalBuilder? _pendingSite;

    /// <summary>In a resume form: for each site the code that restores its frame.</summary>
    private Label[] _restores = [];

    /// <summary>After a call that may suspend: if it did, this activation saves itself and returns. Its results are in variables; the operands of the call are off the stack.</summary>
    /// <param name="instruction">The call.</param>
    /// <param name="results">The variables of the results; those beyond the first are loaded after the test.</param>
    /// <param name="resultTypes">The types of the results.</param>
    private void EmitSite(in Instruction instruction, Variable[] results, ValType[] resultTypes)
    {
        var site = AddSite(instruction.Offset, LiveVariables(), results, resultTypes);
        _il.MarkLabel(site.Test);
        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.Suspension);
        _il.Emit(OpCodes.Brtrue, site.Save);
        EmitForcedSuspension(site);
        if (_isResumeForm)
            _il.MarkLabel(site.After);
    }

    private SiteEmission AddSite(int offset, Variable[] live, Variable[] results, ValType[] resultTypes)
    {
        var (numbers, references) = SlotLayout.Count(Array.ConvertAll(live, variable => variable.Type));
        var site = new SiteEmission
        {
            Info = new CallSite(numbers, references, offset, _region.IsTry),
            Index = _sites.Count,
            Header = FrameHeader.Create(_function, _sites.Count, numbers, references),
            Test = _il.DefineLabel(),
            Save = _il.DefineLabel(),
            Enter = _il.DefineLabel(),
            After = _il.DefineLabel(),
            Live = live,
            Results = results,
            ResultTypes = resultTypes,
            Outermost = OutermostDispatch(),
        };
        _sites.Add(site);
        _region.Sites.Add(site);
        EnterDispatchTables(site);
        return site;
    }

    /// <summary>The testing mode: a call that has returned looks as if it had been suspended; its first result joins the others in the slots.</summary>
    private void EmitForcedSuspension(SiteEmission site)
    {
        if (!_module.Options.SuspendEverywhere)
            return;
        if (site.Results.Length > 0)
        {
            site.Results[0].EmitLoad(_il);
            EmitStoreSlot(site.ResultTypes[0], 0);
        }

        EmitContext();
        _il.Emit(OpCodes.Call, ContextMembers.ForceSuspension);
        _il.Emit(OpCodes.Br, site.Save);
    }

    private Variable[] LiveVariables()
    {
        CountSavedValues(_stack.Count);
        var number = _sites.Count;
        var live = new List<Variable>();
        foreach (var operand in _stack)
            operand.AddVariables(live, number);
        var locals = new List<int>();
        _liveAfter[_position].AddTo(locals);
        foreach (var local in locals)
        {
            if (_locals[local].Site != number)
                live.Add(_locals[local]);
        }

        CountSavedValues(locals.Count);
        return [.. live];
    }

    /// <summary>Each loop or try around the site has a row for it: on to the site in the innermost one, to the next head in the others.</summary>
    private void EnterDispatchTables(SiteEmission site)
    {
        var target = site.Enter;
        for (var dispatch = _dispatch; dispatch is not null; dispatch = dispatch.Outer)
        {
            if (dispatch.Targets.Count == 0)
                dispatch.FirstSite = site.Index;
            dispatch.Targets.Add(target);
            target = dispatch.Head;
        }
    }

    private void EmitSavePaths()
    {
        foreach (var site in _region.Sites)
        {
            var place = _frame ??= DeclareLocal(typeof(ulong).MakeByRefType());
            _il.MarkLabel(site.Save);
            EmitContext();
            EmitInstance();
            FrameEmission.EmitSaveFrame(_il, site);
            _il.Emit(OpCodes.Stloc, place);
            FrameEmission.EmitSaveValues(_il, _context!, place, site.Live);
            EmitUnwindingReturn();
        }
    }

    private void EmitResumePrologue(int siteCount)
    {
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Stloc, _context!);
        EmitMemoryPrologue();
        _pendingSite = DeclareLocal(typeof(int));
        var restores = new Label[siteCount];
        for (var i = 0; i < restores.Length; i++)
            restores[i] = _il.DefineLabel();
        _restores = restores;
        _il.Emit(OpCodes.Ldarg, (short)4);
        _il.Emit(OpCodes.Switch, restores);

        // A frame names one of the sites; this is for the JIT only.
        EmitUnreachable();
        EmitEntry();
        if (_sites.Count > 0)
            EmitZeroLocals();
    }

    /// <summary>For each site: the values of the frame back into their variables, the result into its, and on to the site.</summary>
    private void EmitRestorePaths()
    {
        foreach (var site in _sites)
        {
            _il.MarkLabel(_restores[site.Index]);
            EmitRestoreValues(site);
            if (site.Results.Length > 0)
            {
                EmitLoadSlot(site.ResultTypes[0], 0);
                site.Results[0].EmitStore(_il);
            }

            EmitSetPendingSite(site.Outermost is null ? 0 : site.Index + 1);
            _il.Emit(OpCodes.Br, site.Outermost?.Head ?? site.Enter);
        }
    }

    /// <summary>The last step to a call site. One in a try gets the exception here that its call ended with.</summary>
    private void EmitEnterPaths()
    {
        foreach (var site in _region.Sites)
        {
            _il.MarkLabel(site.Enter);
            EmitSetPendingSite(0);
            if (site.Info.IsInTry)
            {
                EmitContext();
                _il.Emit(OpCodes.Call, ContextMembers.ThrowPending);
            }

            _il.Emit(OpCodes.Br, site.After);
        }
    }

    private void EmitSetPendingSite(int value)
    {
        _il.Emit(OpCodes.Ldc_I4, value);
        _il.Emit(OpCodes.Stloc, _pendingSite!);
    }

    private Dispatch? OutermostDispatch()
    {
        var dispatch = _dispatch;
        while (dispatch?.Outer is not null)
            dispatch = dispatch.Outer;
        return dispatch;
    }

    private void EmitRestoreValues(SiteEmission site)
    {
        var number = 0;
        var reference = 0;
        foreach (var variable in site.Live)
        {
            if (variable.Type.IsRef)
            {
                EmitReferenceAddress(reference);
                _il.Emit(OpCodes.Ldind_Ref);
                variable.EmitStore(_il);
                EmitReferenceAddress(reference++);
                _il.Emit(OpCodes.Ldnull);
                _il.Emit(OpCodes.Stind_Ref);
                continue;
            }

            _il.Emit(OpCodes.Ldarg_2);
            FrameEmission.EmitOffset(_il, ref number, variable.Type);
            ClrTypes.EmitLoadIndirect(_il, variable.Type);
            variable.EmitStore(_il);
        }
    }

    private void EmitReferenceAddress(int reference)
    {
        _il.Emit(OpCodes.Ldarg_3);
        _il.Emit(OpCodes.Ldc_I4, reference * IntPtr.Size);
        _il.Emit(OpCodes.Add);
    }

    private bool HasSiteInside(int block)
    {
        // The head of a loop may be a site itself.
        var next = _uses.Sites.BinarySearch(block);
        next = next < 0 ? ~next : next;
        return next < _uses.Sites.Count && _uses.Sites[next] < _module.Code.BlockEnd(block);
    }

    private void EmitLoopHead(ControlFrame frame)
    {
        _il.MarkLabel(frame.Target);
        if (!_isResumeForm || _loopDepth >= MaxLoopDepth || !HasSiteInside(_position))
            return;
        _loopDepth++;
        frame.Dispatch = OpenDispatch(frame.Target);
    }

    private void CloseLoop(Dispatch dispatch)
    {
        _dispatch = dispatch.Outer;
        _loopDepth--;
    }

    /// <summary>Emits the test at a head: is a call site inside still to be reached?</summary>
    private Dispatch OpenDispatch(Label head)
    {
        var dispatch = new Dispatch(head, _il.DefineLabel(), _dispatch);
        _dispatch = dispatch;
        _region.Dispatches.Add(dispatch);
        _il.Emit(OpCodes.Ldloc, _pendingSite!);
        _il.Emit(OpCodes.Brtrue, dispatch.Table);
        return dispatch;
    }

    private void EmitDispatchTables()
    {
        foreach (var dispatch in _region.Dispatches)
        {
            _il.MarkLabel(dispatch.Table);
            _il.Emit(OpCodes.Ldloc, _pendingSite!);
            _il.Emit(OpCodes.Ldc_I4, dispatch.FirstSite + 1);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Switch, [.. dispatch.Targets]);
            _il.Emit(OpCodes.Ldnull);
            _il.Emit(OpCodes.Throw);
        }
    }
}
