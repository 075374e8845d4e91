using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Where code looks after what concerns its call as a whole: at the entry of a function, at the heads of loops, in long straight code, after work on ranges, and where objects are counted.</summary>
internal sealed partial class FunctionCompiler
{
    private SiteEmission? _entry;
    private Label? _ended;

    /// <summary>
    /// The address of a local stands for the stack pointer. .NET cannot recover from a stack overflow, so it never comes to one: the stack moves
    /// to the heap, or the call traps.
    /// </summary>
    private void EmitEntry()
    {
        // What calls a piece has looked for both.
        if (!_uses.HasCalls || _unit.IsPiece)
            return;
        if (!_module.Suspension.HasEntrySites)
        {
            EmitStackCheck(TrapPath(nameof(Trap.StackExhausted)));
            return;
        }

        // It calls pieces of its own and nothing else: its callers do not look whether it was suspended.
        if (!_module.Suspension.HasEntrySite(_unit.Function))
        {
            if (_resume is null)
                EmitStackRequirement();
            return;
        }

        var site = _entry = AddSite(_module.Code[0].Offset, _frames.Find([.. _locals.Where(local => local.IsParameter)]), [], []);
        if (_resume is not null)
        {
            _resume.MarkAfter(site);
            return;
        }

        var isLow = _il.DefineLabel();
        EmitStackCheck(isLow);
        EmitFuelCheck(isLow);
        EmitForcedSuspension(site);
        _cold.Paths.Add(() =>
        {
            _il.MarkLabel(isLow);
            EmitContext();
            _il.Emit(OpCodes.Ldc_I4_0);
            _il.Emit(OpCodes.Conv_U);
            _il.Emit(OpCodes.Call, ContextMembers.CheckStack);
            _il.Emit(OpCodes.Br, site.Unwind);
        });
    }

    private void EmitStackRequirement()
    {
        var isLow = _il.DefineLabel();
        var enter = _il.DefineLabel();
        EmitStackCheck(isLow);
        _il.MarkLabel(enter);
        _cold.Paths.Add(() =>
        {
            _il.MarkLabel(isLow);
            EmitContext();
            _il.Emit(OpCodes.Ldc_I4_0);
            _il.Emit(OpCodes.Conv_U);
            _il.Emit(OpCodes.Call, ContextMembers.RequireStack);
            _il.Emit(OpCodes.Br, enter);
        });
    }

    private void EmitStackCheck(Label isLow)
    {
        _il.Emit(OpCodes.Ldloca, _variables.DeclareLocal(typeof(int)));
        _il.Emit(OpCodes.Conv_U);
        EmitContext();

        // Another thread writes it. Where a function calls itself in place of its return the JIT makes a loop, before which it is not to be read once.
        if (_uses.ReturnsByCall)
            _il.Emit(OpCodes.Volatile);
        _il.Emit(OpCodes.Ldfld, ContextMembers.StackLimit);
        _il.Emit(OpCodes.Blt_Un, isLow);
    }

    /// <summary>At the head of a loop, whose parameters are on the stack, or in straight code, whose operands are in variables: does anybody want the code to stop?</summary>
    private void EmitPoll(in Instruction instruction)
    {
        var isInterrupted = _il.DefineLabel();
        var site = AddSite(instruction.Offset, LiveFrame(), [], [], isInterrupted);
        EmitContext();

        // Another thread writes it, so it is not to be read once before the loop.
        _il.Emit(OpCodes.Volatile);
        _il.Emit(OpCodes.Ldfld, ContextMembers.IsInterrupted);
        _il.Emit(OpCodes.Brtrue, isInterrupted);
        EmitFuelCheck(isInterrupted);
        EmitForcedSuspension(site);
        _resume?.MarkAfter(site);
    }

    /// <summary>Looks in straight code, unless the function would be too large for that.</summary>
    private void EmitStraightPoll(in Instruction instruction)
    {
        if (!_limits.AllowsPoll(_stack.Height + _liveAfter[_position].Count))
            return;
        _stack.Settle();
        PayFuel();
        EmitPoll(in instruction);
    }

    /// <summary>
    /// After work on a range (<see cref="BulkWork"/>), or where an object was counted, with the result in a variable: if the call is to end, the function returns. That is no site: no frame is resumed here.
    /// </summary>
    private void EmitEndTest()
    {
        if (!_module.Suspension.HasLoopSites)
            return;
        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.Suspension);
        _il.Emit(OpCodes.Brtrue, _ended ??= _il.DefineLabel());
    }

    /// <summary>Emits how the function is left by what ends the call in the middle of an instruction. No handler around sees that.</summary>
    private void EmitEndPath()
    {
        if (_ended is not { } ended)
            return;
        _il.MarkLabel(ended);
        EmitContext();
        EmitInstance();
        _il.Emit(OpCodes.Ldc_I4, _unit.Number);
        _il.Emit(OpCodes.Call, ContextMembers.LeaveFrom);
        EmitUnwindingReturn();
    }

    /// <summary>Emits how sites that are no calls are left suspended.</summary>
    /// <remarks>
    /// As after a call, but the values are stored before anything is called: code that needs values after a call that it makes in a loop keeps fewer
    /// of the loop's variables in registers.
    /// </remarks>
    private void EmitStopPaths(FramePlace place)
    {
        var stops = SitesByFrame(site => site.Stop is not null, site => null);
        if (stops.Count == 0)
            return;
        var stored = _il.DefineLabel();
        var paths = new FramePaths(_il, value => FrameEmission.EmitSaveValue(_il, value, in place), stored);
        foreach (var sites in stops)
        {
            var frame = sites[0].Frame;
            _module.NoteStop(frame.Numbers, frame.References);
            EmitHeaders(sites, site => site.Stop!.Value);
            if (frame.Numbers > 0)
                EmitStoppedPlace(ContextMembers.StoppedNumbers, place.Numbers);
            if (frame.References > 0)
                EmitStoppedPlace(ContextMembers.StoppedReferences, place.References);
            paths.Emit(frame);
        }

        _il.MarkLabel(stored);
        EmitContext();
        EmitInstance();
        _il.Emit(OpCodes.Ldloc, Header);
        _il.Emit(OpCodes.Call, ContextMembers.Stop);
        EmitUnwindingReturn();
    }

    private void EmitStoppedPlace(FieldInfo values, LocalBuilder place)
    {
        EmitContext();
        _il.Emit(OpCodes.Ldfld, values);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Readonly);
        _il.Emit(OpCodes.Ldelema, values.FieldType.GetElementType()!);
        _il.Emit(OpCodes.Stloc, place);
    }
}
