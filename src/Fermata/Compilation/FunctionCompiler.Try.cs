using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The exceptions of before version 3.0, which Emscripten still emits: <c>try</c>, <c>catch</c>, <c>catch_all</c>, <c>delegate</c>, <c>rethrow</c>.</summary>
/// <remarks>
/// The region of IL is the body alone and catches what can be caught; the clauses stand after it, one after the other, each with a test of the tag.
/// An exception that no clause wants is thrown again. A clause keeps its exception on the operand stack below its values, so that frames save it.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private void EmitCatch(in Instruction instruction)
    {
        var frame = _blocks.Innermost;
        var exception = frame.Exception ?? frame.Handler!.Exception;
        EndClause(frame);
        var clause = new ControlFrame
        {
            Opcode = instruction.Opcode,
            Target = frame.Target,
            Height = frame.Height,
            Parameters = frame.Parameters,
            Results = frame.Results,
            Region = frame.Region,
            IsEndReached = frame.IsEndReached,
            NextClause = instruction.Opcode == Opcode.Catch ? _il.DefineLabel() : null,
            Exception = exception,
        };
        _blocks.Innermost = clause;
        _isDead = false;
        if (clause.NextClause is { } next)
        {
            EmitTagTest(exception, instruction.Index);
            _il.Emit(OpCodes.Brfalse, next);
        }

        _il.Emit(OpCodes.Ldloc, exception);
        _stack.PushResult(ValType.ExternRef);
        clause.Caught = _stack.Top.Variable;
        if (instruction.Opcode == Opcode.Catch)
            PushPayload(exception, instruction.Index);
    }

    /// <summary>Ends the body or a clause, where the next clause begins.</summary>
    private void EndClause(ControlFrame frame)
    {
        StoreBlockResults(frame);
        if (frame.Handler is { } handler)
        {
            CloseRegion(frame, handler, () => _il.Emit(OpCodes.Call, ContextMembers.IsCatchable));
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
        EmitThrowAgain(frame.Exception!);
        _isDead = true;
    }

    /// <summary>Ends a try whose exceptions are raised in a block around it, as if they came from there.</summary>
    private void EmitDelegate(int label)
    {
        var frame = _blocks.Leave();
        var handler = frame.Handler!;
        StoreBlockResults(frame);
        CloseRegion(frame, handler, () => _il.Emit(OpCodes.Call, ContextMembers.IsCatchable));
        var region = _blocks[label].BodyRegion;
        if (region == _region)
        {
            EmitThrowAgain(handler.Exception);
        }
        else
        {
            var there = _il.DefineLabel();
            _il.Emit(OpCodes.Leave, there);
            region.ColdCode.Add(() =>
            {
                _il.MarkLabel(there);
                EmitThrowAgain(handler.Exception);
            });
        }

        _isDead = true;
        EmitJoin(frame);
    }

    private void EmitRethrow(int label)
    {
        _blocks[label].Caught!.EmitLoad(_il);
        EmitThrowReference();
    }

    private void EmitThrowAgain(LocalBuilder exception)
    {
        _il.Emit(OpCodes.Ldloc, exception);
        _il.Emit(OpCodes.Call, ContextMembers.ThrowReference);
        EmitUnreachable();
    }
}
