using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The exceptions of before version 3.0, which Emscripten still emits: <c>try</c>, <c>catch</c>, <c>catch_all</c>, <c>delegate</c>, <c>rethrow</c>.</summary>
/// <remarks>
/// The clauses stand after the body, one after the other, each with a test of the tag. An exception that no clause wants is thrown on. A clause keeps its exception on the operand stack below its values, so that frames save it.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private void EmitCatch(in Instruction instruction)
    {
        var frame = _blocks.Innermost;
        var handler = frame.Handler ?? frame.CaughtBy!;
        EndClause(frame);
        var clause = new ControlFrame
        {
            Opcode = instruction.Opcode,
            Target = frame.Target,
            Height = frame.Height,
            Parameters = frame.Parameters,
            Results = frame.Results,
            IsEndReached = frame.IsEndReached,
            NextClause = instruction.Opcode == Opcode.Catch ? _il.DefineLabel() : null,
            CaughtBy = handler,
            BodyHandler = _handler,
        };
        _blocks.Innermost = clause;
        _isDead = false;
        if (clause.NextClause is { } next)
        {
            EmitTagTest(handler.Exception, instruction.Index);
            _il.Emit(OpCodes.Brfalse, next);
        }

        _il.Emit(OpCodes.Ldloc, handler.Exception);
        _stack.PushResult(ValType.Ref(false, HeapType.Exn));
        clause.Caught = _stack.Top.Variable;
        if (instruction.Opcode == Opcode.Catch)
            PushPayload(handler.Exception, instruction.Index);
    }

    /// <summary>Ends the body or a clause, where the next clause begins.</summary>
    private void EndClause(ControlFrame frame)
    {
        StoreBlockResults(frame);
        if (frame.Handler is { } handler)
        {
            EnterHandler(frame, handler);
            return;
        }

        JumpToEnd(frame);
        _il.MarkLabel(frame.NextClause!.Value);
    }

    /// <summary>Ends a try without a clause for every exception, whose results are in their variables: the exception goes on.</summary>
    private void EmitLastClauseEnd(ControlFrame frame, Label next)
    {
        JumpToEnd(frame);
        _il.MarkLabel(next);
        EmitThrow(frame.CaughtBy!.Exception, _handler);
        _isDead = true;
    }

    /// <summary>Ends a try whose exceptions are raised in a block around it, as if they came from there.</summary>
    private void EmitDelegate(int label)
    {
        var frame = _blocks.Leave();
        var handler = frame.Handler!;
        StoreBlockResults(frame);
        EnterHandler(frame, handler);
        EmitThrow(handler.Exception, _blocks[label].BodyHandler);
        _isDead = true;
        EmitJoin(frame);
    }

    private void EmitRethrow(int label)
    {
        _blocks[label].Caught!.EmitLoad(_il);
        EmitThrowReference();
    }
}
