using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Throwing and catching (sections 4.6.5 and 4.6.8).</summary>
/// <remarks>
/// An exception is a .NET exception. A try is a region of IL; its handler only stores the exception, and what the clause does stands
/// after the region, where it can be suspended like any code. Traps pass by all handlers.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private LocalBuilder? _thrown;

    private ExceptionHandler? NewHandler(in Instruction instruction)
    {
        if (instruction.Opcode is not (Opcode.TryTable or Opcode.Try))
            return null;
        var region = new CodeRegion(_region);
        _limits.CountTry(region.Depth);
        return new ExceptionHandler
        {
            Region = region,
            Clauses = instruction.Opcode == Opcode.TryTable ? instruction.Catches! : [],
            Exception = _variables.DeclareLocal(typeof(object)),
        };
    }

    private void EmitTryHead(ControlFrame frame)
    {
        var head = _il.DefineLabel();
        _il.MarkLabel(head);

        // The JIT crashes where regions begin together at the target of a branch whose condition it knows.
        _il.Emit(OpCodes.Nop);
        _il.BeginExceptionBlock();
        _region = frame.Handler!.Region;
        if (_resume is not null && HasSiteInside(_position))
            frame.Dispatch = _resume.OpenTry(head, _region);
    }

    /// <summary>Ends the region of a body whose results, if its end is reached, are in their variables.</summary>
    private void EmitTryEnd(ControlFrame frame, ExceptionHandler handler)
    {
        CloseRegion(frame, handler, () => EmitFilter(handler.Clauses));
        foreach (var clause in handler.Clauses)
            EmitClause(clause, handler);
        EmitUnreachable();
        _isDead = true;
    }

    /// <summary>After this the code is that for a caught exception, in the region around.</summary>
    private void CloseRegion(ControlFrame frame, ExceptionHandler handler, Action emitFilter)
    {
        JumpToEnd(frame);
        EmitColdCode();
        if (frame.Dispatch is { } dispatch)
            _resume!.Close(dispatch);
        _il.BeginExceptFilterBlock();
        emitFilter();
        _il.BeginCatchBlock(null!);
        _il.Emit(OpCodes.Stloc, handler.Exception);
        _il.EndExceptionBlock();
        _region = handler.Region.Parent!;
    }

    /// <summary>Replaces the exception on the IL stack by whether one of the clauses catches it.</summary>
    private void EmitFilter(CatchClause[] clauses)
    {
        if (Array.Exists(clauses, clause => !HasTag(clause)))
        {
            _il.Emit(OpCodes.Call, ContextMembers.IsCatchable);
            return;
        }

        var exception = _variables.DeclareLocal(typeof(object));
        _il.Emit(OpCodes.Stloc, exception);
        _il.Emit(OpCodes.Ldc_I4_0);
        foreach (var clause in clauses)
        {
            EmitTagTest(exception, clause.Tag);
            _il.Emit(OpCodes.Or);
        }
    }

    private static bool HasTag(CatchClause clause) => clause.Kind <= 1;

    private static bool HasReference(CatchClause clause) => (clause.Kind & 1) != 0;

    private void EmitTagTest(LocalBuilder exception, int tag)
    {
        _il.Emit(OpCodes.Ldloc, exception);
        EmitTag(tag);
        _il.Emit(OpCodes.Call, ContextMembers.HasTag);
    }

    private void EmitTag(int index)
    {
        EmitInstance();
        _module.Class.EmitLoad(_il, ExternKind.Tag, index);
    }

    private void EmitClause(CatchClause clause, ExceptionHandler handler)
    {
        var next = _il.DefineLabel();
        var height = _stack.Height;
        if (HasTag(clause))
        {
            EmitTagTest(handler.Exception, clause.Tag);
            _il.Emit(OpCodes.Brfalse, next);
            PushPayload(handler.Exception, clause.Tag);
        }

        if (HasReference(clause))
        {
            _il.Emit(OpCodes.Ldloc, handler.Exception);
            _stack.PushResult(ValType.ExternRef);
        }

        EmitTakenBranch(clause.Label);
        _stack.DropTo(height);
        _il.MarkLabel(next);
    }

    /// <summary>Pushes the values that an exception carries.</summary>
    private void PushPayload(LocalBuilder exception, int tag)
    {
        var types = _module.Types.TagTypes[tag].Func!.ParameterArray;
        _limits.CountListedValues(types.Length);
        var slots = SlotLayout.Of(types);
        for (var i = 0; i < types.Length; i++)
        {
            _il.Emit(OpCodes.Ldloc, exception);
            EmitPayloadAddress(types[i], slots[i]);
            ClrTypes.EmitLoadIndirect(_il, types[i]);
            _stack.PushResult(types[i]);
        }
    }

    /// <summary>Replaces the exception on the IL stack by the address of one of its values.</summary>
    private void EmitPayloadAddress(ValType type, int slot)
    {
        _il.Emit(OpCodes.Ldc_I4, slot);
        _il.Emit(OpCodes.Call, type.IsRef ? ContextMembers.ExceptionReference : ContextMembers.ExceptionNumber);
    }

    private void EmitThrow(int tag)
    {
        var types = _module.Types.TagTypes[tag].Func!.ParameterArray;
        var slots = SlotLayout.Of(types);
        var values = _stack.Pop(types.Length);
        var exception = _thrown ??= _variables.DeclareLocal(typeof(object));
        EmitTag(tag);
        _il.Emit(OpCodes.Call, ContextMembers.NewException);
        _il.Emit(OpCodes.Stloc, exception);
        for (var i = 0; i < types.Length; i++)
        {
            _il.Emit(OpCodes.Ldloc, exception);
            EmitPayloadAddress(types[i], slots[i]);
            _stack.Emit(values[i]);
            ClrTypes.EmitStoreIndirect(_il, types[i]);
        }

        _il.Emit(OpCodes.Ldloc, exception);
        EmitThrowReference();
    }

    private void EmitThrowRef()
    {
        _stack.Emit(_stack.Pop());
        EmitThrowReference();
    }

    /// <summary>Throws the exception on the IL stack; null is a trap.</summary>
    private void EmitThrowReference()
    {
        _il.Emit(OpCodes.Call, ContextMembers.ThrowReference);
        EmitUnreachable();
        MarkDead();
    }
}
