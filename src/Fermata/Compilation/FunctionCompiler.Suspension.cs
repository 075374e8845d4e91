using System.Reflection.Emit;
using Fermata.Execution;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Call sites: the test after the call, saving the frame, and the way back in.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Loops nested deeper are entered at their call sites: the tables would grow with the square of the depth.</summary>
    private const int MaxLoopDepth = 32;

    /// <summary>How many values the call sites of a function may save together: code for each is emitted, in both forms.</summary>
    private const int MaxSavedValues = 500_000;

    private readonly List<SiteEmission> _sites = [];
    private Dispatch? _dispatch;
    private int _loopDepth;
    private LocalBuilder? _frame;
    private int _savedValues;

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
        var live = LiveVariables();
        var (numbers, references) = SlotLayout.Count(Array.ConvertAll(live, variable => variable.Type));
        var site = new SiteEmission
        {
            Info = new CallSite(_function, _sites.Count, numbers, references, instruction.Offset, _region.IsTry),
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

        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.Unwinding);
        _il.Emit(OpCodes.Brtrue, site.Save);
        if (_module.Options.SuspendEverywhere)
            EmitForcedSuspension(site);
        if (_isResumeForm)
            _il.MarkLabel(site.After);
    }

    /// <summary>The call has returned; its first result joins the others in the slots, as if the call had been suspended.</summary>
    private void EmitForcedSuspension(SiteEmission site)
    {
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

        _savedValues += live.Count;
        if (_savedValues > MaxSavedValues)
            throw TooManyLiveValues();
        return [.. live];
    }

    private NotSupportedException TooManyLiveValues() => new(
        $"Function {_function.Index} keeps more values across its calls than Fermata supports: {MaxSavedValues} over all calls that may suspend.");

    /// <summary>Each loop or try around the site has a row for it: on to the site in the innermost one, to the next head in the others.</summary>
    private void EnterDispatchTables(SiteEmission site)
    {
        var target = site.Enter;
        for (var dispatch = _dispatch; dispatch is not null; dispatch = dispatch.Outer)
        {
            if (dispatch.Targets.Count == 0)
                dispatch.FirstSite = site.Info.Index;
            dispatch.Targets.Add(target);
            target = dispatch.Head;
        }
    }

    private void EmitSavePaths()
    {
        foreach (var site in _region.Sites)
        {
            var place = _frame ??= _il.DeclareLocal(typeof(ulong).MakeByRefType());
            _il.MarkLabel(site.Save);
            EmitContext();
            EmitInstance();
            _il.Emit(OpCodes.Ldc_I4, _function.Index);
            _il.Emit(OpCodes.Ldc_I4, site.Info.Index);
            _il.Emit(OpCodes.Ldc_I4, site.Info.NumberCount);
            _il.Emit(OpCodes.Ldc_I4, site.Info.ReferenceCount);
            _il.Emit(OpCodes.Call, ContextMembers.SaveFrame);
            _il.Emit(OpCodes.Stloc, place);
            EmitSaveValues(site, place);
            EmitUnwindingReturn();
        }
    }

    private void EmitSaveValues(SiteEmission site, LocalBuilder place)
    {
        var number = 0;
        foreach (var variable in site.Live)
        {
            if (variable.Type.IsRef)
            {
                EmitContext();
                variable.EmitLoad(_il);
                _il.Emit(OpCodes.Call, ContextMembers.SaveReference);
                continue;
            }

            _il.Emit(OpCodes.Ldloc, place);
            EmitOffset(ref number, variable.Type);
            variable.EmitLoad(_il);
            ClrTypes.EmitStoreIndirect(_il, variable.Type);
        }
    }

    private void EmitOffset(ref int number, ValType type)
    {
        if (number > 0)
        {
            _il.Emit(OpCodes.Ldc_I4, number * sizeof(ulong));
            _il.Emit(OpCodes.Add);
        }

        number += type.Kind == ValKind.V128 ? 2 : 1;
    }

    private void EmitResumePrologue()
    {
        _il.Emit(OpCodes.Ldarg_1);
        _il.Emit(OpCodes.Stloc, _context!);
        EmitMemoryPrologue();
        _pendingSite = _il.DeclareLocal(typeof(int));
        var restores = new Label[_function.Sites.Length];
        for (var i = 0; i < restores.Length; i++)
            restores[i] = _il.DefineLabel();
        _restores = restores;
        _il.Emit(OpCodes.Ldarg, (short)4);
        _il.Emit(OpCodes.Switch, restores);

        // A frame names one of the sites; this is for the JIT only.
        _il.Emit(OpCodes.Ldnull);
        _il.Emit(OpCodes.Throw);
    }

    /// <summary>For each site: the values of the frame back into their variables, the result into its, and on to the site.</summary>
    private void EmitRestorePaths()
    {
        foreach (var site in _sites)
        {
            _il.MarkLabel(_restores[site.Info.Index]);
            EmitRestoreValues(site);
            if (site.Results.Length > 0)
            {
                EmitLoadSlot(site.ResultTypes[0], 0);
                site.Results[0].EmitStore(_il);
            }

            EmitSetPendingSite(site.Outermost is null ? 0 : site.Info.Index + 1);
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
            EmitOffset(ref number, variable.Type);
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
        var next = _uses.Sites.BinarySearch(block);
        return ~next < _uses.Sites.Count && _uses.Sites[~next] < _module.Code.BlockEnd(block);
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
