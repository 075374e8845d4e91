using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Throwing and catching (sections 4.6.2 "Control Instructions" and 4.6.4 "Exception Handling").</summary>
/// <remarks>
/// An exception travels as a suspension does: whoever throws leaves it in the context and returns, each call site finds that in the same test, and goes to the
/// handler around it or returns too. Within a function throwing is a branch. Traps are .NET exceptions, which no handler sees.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    /// <summary>The handler around the code; null if what it throws leaves the function.</summary>
    private ExceptionHandler? _handler;

    private LocalBuilder? _thrown;

    private ExceptionHandler? NewHandler(in Instruction instruction)
    {
        if (instruction.Opcode is not (Opcode.TryTable or Opcode.Try))
            return null;
        return new ExceptionHandler
        {
            Outer = _handler,
            Clauses = instruction.Opcode == Opcode.TryTable ? instruction.Catches! : [],
            Exception = _variables.DeclareLocal(typeof(object)),
            Entry = _il.DefineLabel(),
        };
    }

    /// <summary>Ends a body whose results, if its end is reached, are in their variables.</summary>
    private void EmitTryEnd(ControlFrame frame, ExceptionHandler handler)
    {
        EnterHandler(frame, handler);
        foreach (var clause in handler.Clauses)
            EmitClause(clause, handler);
        EmitThrow(handler.Exception, handler.Outer);
        _isDead = true;
    }

    /// <summary>After this the code is that for an exception of the body.</summary>
    private void EnterHandler(ControlFrame frame, ExceptionHandler handler)
    {
        JumpToEnd(frame);
        _il.MarkLabel(handler.Entry);
        _handler = handler.Outer;
    }

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
        if (clause.Kind.HasTag())
        {
            EmitTagTest(handler.Exception, clause.Tag);
            _il.Emit(OpCodes.Brfalse, next);
            PushPayload(handler.Exception, clause.Tag);
        }

        if (clause.Kind.HasReference())
        {
            _il.Emit(OpCodes.Ldloc, handler.Exception);
            _stack.PushResult(ValType.Ref(false, HeapType.Exn));
        }

        EmitTakenBranch(clause.Label);
        _stack.DropTo(height);
        _il.MarkLabel(next);
    }

    /// <summary>Pushes the values that an exception carries.</summary>
    private void PushPayload(LocalBuilder exception, int tag)
    {
        var types = _module.Types.TagTypes[tag].Func!.ParameterArray;
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
        EmitEndTest();
        for (var i = 0; i < types.Length; i++)
        {
            _il.Emit(OpCodes.Ldloc, exception);
            EmitPayloadAddress(types[i], slots[i]);
            _stack.Emit(values[i]);
            ClrTypes.EmitStoreIndirect(_il, types[i]);
        }

        EmitThrow(exception, _handler);
        MarkDead();
    }

    private void EmitThrowRef()
    {
        _stack.Emit(_stack.Pop());
        EmitThrowReference();
    }

    /// <summary>Throws the exception reference on the IL stack; null is a trap.</summary>
    private void EmitThrowReference()
    {
        var exception = _thrown ??= _variables.DeclareLocal(typeof(object));
        _il.Emit(OpCodes.Call, ContextMembers.ExceptionOfReference);
        _il.Emit(OpCodes.Stloc, exception);
        EmitThrow(exception, _handler);
        MarkDead();
    }

    /// <summary>Throws an exception where a handler, or none, is around.</summary>
    private void EmitThrow(LocalBuilder exception, ExceptionHandler? handler)
    {
        if (handler is not null)
        {
            _il.Emit(OpCodes.Ldloc, exception);
            _il.Emit(OpCodes.Stloc, handler.Exception);
            _il.Emit(OpCodes.Br, handler.Entry);
            return;
        }

        EmitContext();
        _il.Emit(OpCodes.Ldloc, exception);
        EmitInstance();
        _il.Emit(OpCodes.Ldc_I4, _unit.Number);
        _il.Emit(OpCodes.Call, ContextMembers.Throw);
        EmitUnwindingReturn();
    }

    /// <summary>Cold, after a call in a try: if it ended with an exception, on to the handler.</summary>
    private void EmitCatch(ExceptionHandler handler)
    {
        EmitContext();
        _il.Emit(OpCodes.Call, ContextMembers.TakeCatchable);
        _il.Emit(OpCodes.Stloc, handler.Exception);
        _il.Emit(OpCodes.Ldloc, handler.Exception);
        _il.Emit(OpCodes.Brtrue, handler.Entry);
    }
}
