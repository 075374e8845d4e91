using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Sites: the test whether the function is suspended there, saving the frame, and the way back in.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>In how many places of a function the JIT may put <see cref="StoreContext.SaveFrame"/> in line: that saves 1 ns a frame, and everywhere would take 8 % of the start of CPython.</summary>
    private const int MaxInlineSaves = 4;

    private readonly List<SiteEmission> _sites = [];
    private readonly FrameTree _frames = new();
    private LocalBuilder? _header;

    /// <summary>What the frame that is being saved begins with.</summary>
    private LocalBuilder Header => _header ??= _variables.DeclareLocal(typeof(ulong));

    /// <summary>After a call that may suspend: if it did, this activation saves itself and returns. Its results are in variables; the operands of the call are off the stack.</summary>
    /// <param name="instruction">The call.</param>
    /// <param name="results">The variables of the results; those beyond the first are loaded after the test.</param>
    /// <param name="resultTypes">The types of the results.</param>
    private void EmitSite(in Instruction instruction, Variable[] results, ValType[] resultTypes)
    {
        var site = AddSite(instruction.Offset, LiveFrame(), results, resultTypes);
        _il.MarkLabel(site.Test);
        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.Suspension);
        _il.Emit(OpCodes.Brtrue, site.Unwind);
        EmitForcedSuspension(site);
        _resume?.MarkAfter(site);
    }

    private SiteEmission AddSite(int offset, FrameNode frame, Variable[] results, ValType[] resultTypes, Label? stop = null)
    {
        var site = new SiteEmission
        {
            Info = new CallSite(frame.Numbers, frame.References, offset, _handler is not null),
            Index = _sites.Count,
            Header = FrameHeader.Create(_unit.Number, _sites.Count, frame.Numbers, frame.References),
            Test = _il.DefineLabel(),
            Unwind = _il.DefineLabel(),
            Stop = stop,
            Handler = _handler,
            Frame = frame,
            Results = results,
            ResultTypes = resultTypes,
            ReferenceTypes = frame.ReferenceTypes(),
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
        _il.Emit(OpCodes.Br, site.Unwind);
    }

    /// <summary>The frame of the next site: the operands on the stack, and the locals that will be read again.</summary>
    private FrameNode LiveFrame()
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
        return _frames.Find(live);
    }

    /// <summary>Emits how sites save their frames. Those that keep the same values share the code, and are told apart by what their frames begin with.</summary>
    private void EmitSavePaths()
    {
        if (_sites.Count == 0)
            return;
        var place = FramePlace.Declare(_variables.DeclareLocal);
        EmitStopPaths(place);
        var paths = new FramePaths(_il, value => FrameEmission.EmitSaveValue(_il, value, in place), _unwind ??= _il.DefineLabel());
        var frames = SitesByFrame(MayUnwind, site => site.Handler);
        var save = frames.Count > MaxInlineSaves ? ContextMembers.SaveFrameByCall : ContextMembers.SaveFrame;
        foreach (var sites in frames)
        {
            var (frame, handler) = (sites[0].Frame, sites[0].Handler);
            EmitHeaders(sites, site => site.Unwind);
            if (handler is not null)
                EmitCatch(handler);
            EmitContext();
            EmitInstance();
            _il.Emit(OpCodes.Ldloc, Header);
            FrameEmission.EmitSaveFrame(_il, _context!, frame, in place, save);
            paths.Emit(frame);
        }
    }

    /// <summary>Sites, those together that save the same frame and have the same handler.</summary>
    /// <param name="isMeant">Whether a site is meant.</param>
    /// <param name="handlerOf">The handler of a site that counts.</param>
    private List<List<SiteEmission>> SitesByFrame(Func<SiteEmission, bool> isMeant, Func<SiteEmission, ExceptionHandler?> handlerOf)
    {
        var all = new List<List<SiteEmission>>();
        var known = new Dictionary<(FrameNode, ExceptionHandler?), List<SiteEmission>>();
        foreach (var site in _sites)
        {
            if (!isMeant(site))
                continue;
            var key = (site.Frame, handlerOf(site));
            if (!known.TryGetValue(key, out var sites))
            {
                known.Add(key, sites = []);
                all.Add(sites);
            }

            sites.Add(site);
        }

        return all;
    }

    /// <summary>Whether code leads from the site to where it unwinds. From one that is no call it does so where an exception meets the site, or by force.</summary>
    private bool MayUnwind(SiteEmission site) => site.Stop is null || site.Handler is not null || _module.Options.SuspendEverywhere;

    /// <summary>Begins code that several sites have in common.</summary>
    /// <param name="sites">The sites.</param>
    /// <param name="from">Where code comes from a site.</param>
    private void EmitHeaders(List<SiteEmission> sites, Func<SiteEmission, Label> from)
    {
        var common = _il.DefineLabel();
        for (var i = 0; i < sites.Count; i++)
        {
            if (i > 0)
                _il.Emit(OpCodes.Br, common);
            _il.MarkLabel(from(sites[i]));
            _il.Emit(OpCodes.Ldc_I8, (long)sites[i].Header);
            _il.Emit(OpCodes.Stloc, Header);
        }

        _il.MarkLabel(common);
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
        EmitSafePoint();
        if (_resume is not null && HasSiteInside(_position))
            frame.Dispatch = _resume.OpenLoop(frame.Target);
    }
}
