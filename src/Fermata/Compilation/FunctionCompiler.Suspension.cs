using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Sites: the test whether the function is suspended there, saving the frame, and the way back in.</summary>
internal sealed partial class FunctionCompiler
{
    private readonly List<SiteEmission> _sites = [];
    private LocalBuilder? _frame;

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
        _il.Emit(OpCodes.Brtrue, site.Unwind);
        EmitForcedSuspension(site);
        _resume?.MarkAfter(site);
    }

    private SiteEmission AddSite(int offset, Variable[] live, Variable[] results, ValType[] resultTypes)
    {
        var (numbers, references) = SlotLayout.Count(Array.ConvertAll(live, variable => variable.Type));
        var site = new SiteEmission
        {
            Info = new CallSite(numbers, references, offset, _handler is not null),
            Index = _sites.Count,
            Header = FrameHeader.Create(_function, _sites.Count, numbers, references),
            Test = _il.DefineLabel(),
            Unwind = _il.DefineLabel(),
            Save = _il.DefineLabel(),
            Handler = _handler,
            Live = live,
            Results = results,
            ResultTypes = resultTypes,
        };
        _sites.Add(site);
        _resume?.Add(site);
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
        _limits.CountSavedValues(_stack.Height);
        var number = _sites.Count;
        var live = new List<Variable>();
        _stack.AddVariables(live, number);
        var locals = new List<int>();
        _liveAfter[_position].AddTo(locals);
        foreach (var local in locals)
        {
            if (_locals[local].Site != number)
                live.Add(_locals[local]);
        }

        _limits.CountSavedValues(locals.Count);
        return [.. live];
    }

    private void EmitSavePaths()
    {
        foreach (var site in _sites)
        {
            var place = _frame ??= _variables.DeclareLocal(typeof(ulong).MakeByRefType());
            _il.MarkLabel(site.Unwind);
            if (site.Handler is { } handler)
                EmitCatch(handler);
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
        _resume = ResumeDispatch.Start(_il, _variables, _context!, siteCount);
        EmitEntry();
        if (_sites.Count > 0)
            EmitZeroLocals();
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
        if (_resume is not null && HasSiteInside(_position))
            frame.Dispatch = _resume.OpenLoop(frame.Target);
    }
}
