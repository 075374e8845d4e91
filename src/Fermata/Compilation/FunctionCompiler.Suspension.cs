using System.Reflection.Emit;
using Fermata.Execution;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Call sites: the test after the call, saving the frame, and the way back in.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Loops nested deeper are entered at their call sites: the tables would grow with the square of the depth.</summary>
    private const int MaxLoopDepth = 32;

    private readonly List<SiteEmission> _sites = [];
    private readonly List<LoopDispatch> _loops = [];
    private LoopDispatch? _openLoop;
    private int _loopDepth;

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
            Info = new CallSite(_function, _sites.Count, numbers, references, instruction.Offset),
            Save = _il.DefineLabel(),
            Enter = _il.DefineLabel(),
            After = _il.DefineLabel(),
            Live = live,
            Results = results,
            ResultTypes = resultTypes,
            OutermostLoop = OutermostLoop(),
        };
        _sites.Add(site);
        EnterLoopTables(site);

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

        return [.. live];
    }

    /// <summary>Each loop around the site has a row for it: on to the site in the innermost one, to the next loop's head in the others.</summary>
    private void EnterLoopTables(SiteEmission site)
    {
        var target = site.Enter;
        for (var loop = _openLoop; loop is not null; loop = loop.Outer)
        {
            if (loop.Targets.Count == 0)
                loop.FirstSite = site.Info.Index;
            loop.Targets.Add(target);
            target = loop.Head;
        }
    }

    private void EmitSavePaths()
    {
        if (_sites.Count == 0)
            return;
        var place = _il.DeclareLocal(typeof(ulong).MakeByRefType());
        foreach (var site in _sites)
        {
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

    /// <summary>Returns whatever: nobody looks at results while the flag is set.</summary>
    private void EmitUnwindingReturn()
    {
        if (!_isResumeForm && _type.ResultArray.Length > 0)
            ClrTypes.EmitDefault(_il, ClrTypes.ResultOf(_type));
        _il.Emit(OpCodes.Ret);
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

            if (site.OutermostLoop is { } loop)
            {
                EmitSetPendingSite(site.Info.Index + 1);
                _il.Emit(OpCodes.Br, loop.Head);
            }

            _il.MarkLabel(site.Enter);
            EmitSetPendingSite(0);
            _il.Emit(OpCodes.Br, site.After);
        }
    }

    private void EmitSetPendingSite(int value)
    {
        _il.Emit(OpCodes.Ldc_I4, value);
        _il.Emit(OpCodes.Stloc, _pendingSite!);
    }

    private LoopDispatch? OutermostLoop()
    {
        var loop = _openLoop;
        while (loop?.Outer is not null)
            loop = loop.Outer;
        return loop;
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

    private bool HasSiteInside(int loop)
    {
        var next = _uses.Sites.BinarySearch(loop);
        return ~next < _uses.Sites.Count && _uses.Sites[~next] < _module.Code.BlockEnd(loop);
    }

    /// <summary>Leaves the loop that was entered last.</summary>
    private void CloseLoop(LoopDispatch dispatch)
    {
        _openLoop = dispatch.Outer;
        _loopDepth--;
    }

    private void EmitLoopHead(ControlFrame frame)
    {
        _il.MarkLabel(frame.Target);
        if (!_isResumeForm || _loopDepth >= MaxLoopDepth || !HasSiteInside(_position))
            return;
        _loopDepth++;
        var dispatch = new LoopDispatch(frame.Target, _il.DefineLabel(), _openLoop);
        _openLoop = dispatch;
        _loops.Add(dispatch);
        frame.Dispatch = dispatch;
        _il.Emit(OpCodes.Ldloc, _pendingSite!);
        _il.Emit(OpCodes.Brtrue, dispatch.Table);
    }

    private void EmitLoopDispatches()
    {
        foreach (var loop in _loops)
        {
            _il.MarkLabel(loop.Table);
            _il.Emit(OpCodes.Ldloc, _pendingSite!);
            _il.Emit(OpCodes.Ldc_I4, loop.FirstSite + 1);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Switch, [.. loop.Targets]);
            _il.Emit(OpCodes.Ldnull);
            _il.Emit(OpCodes.Throw);
        }
    }
}
