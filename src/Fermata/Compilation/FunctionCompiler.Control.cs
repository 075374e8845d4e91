using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Blocks and branches.</summary>
internal sealed partial class FunctionCompiler
{
    private readonly ControlStack _blocks = new();

    /// <summary>Whether the code here cannot be reached: it is skipped, up to the next join.</summary>
    private bool _isDead;
    private int _deadBlocks;
    private int _position;

    /// <summary>How many of the next instructions are emitted already (<see cref="InstructionList.CountResultSets"/>).</summary>
    private int _doneSets;

    private void EmitBody()
    {
        _blocks.Enter(new ControlFrame { Opcode = Opcode.Block, Target = default, Height = 0, Parameters = [], Results = [], BodyHandler = null });
        var nextPoll = 0;
        for (_position = 0; _position < _module.Code.Count; _position++)
        {
            _module.Budget.Spend();
            ref readonly var instruction = ref _module.Code[_position];
            EnterActivation(_module.Code.Activation(_position));
            if (_isDead)
                SkipDead(in instruction);
            else
                EmitLive(in instruction);
            if (nextPoll == _uses.Polls.Count || _uses.Polls[nextPoll] != _position)
                continue;
            nextPoll++;
            if (!_isDead)
                EmitStraightPoll(in instruction);
        }
    }

    private void EmitLive(in Instruction instruction)
    {
        if (_doneSets > 0)
        {
            _doneSets--;
            return;
        }

        CountFuel(in instruction);
        EmitInstruction(in instruction);
    }

    private void SkipDead(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Try or Opcode.TryTable:
                _deadBlocks++;
                break;
            case Opcode.End or Opcode.Delegate when _deadBlocks > 0:
                _deadBlocks--;
                break;
            case Opcode.End:
                EmitEnd();
                break;
            case Opcode.Else when _deadBlocks == 0:
                EmitElse();
                break;
            case Opcode.Catch or Opcode.CatchAll when _deadBlocks == 0:
                EmitCatch(in instruction);
                break;
            case Opcode.Delegate:
                EmitDelegate(instruction.Index);
                break;
        }
    }

    private void MarkDead()
    {
        _stack.DropTo(_blocks.Innermost.Height);
        _isDead = true;
    }

    private void EmitBlock(in Instruction instruction)
    {
        var condition = instruction.Opcode == Opcode.If ? _stack.Pop() : null;
        var types = _module.Types.BlockParameters(instruction.Block);
        var parameters = _stack.Pop(types.Length);
        _stack.Settle();
        var handler = NewHandler(in instruction);
        _handler = handler ?? _handler;
        var frame = new ControlFrame
        {
            Opcode = instruction.Opcode,
            Target = _il.DefineLabel(),
            Else = condition is null ? default : _il.DefineLabel(),
            Height = _stack.Height,
            Parameters = _variables.Take(types),
            Results = _variables.Take(_module.Types.BlockResults(instruction.Block)),
            Handler = handler,
            BodyHandler = _handler,
        };

        // All values first, then all variables: a parameter may be a variable that another parameter reads.
        var conditionVariable = condition is null ? null : SettleCondition(condition, parameters.Length > 0);
        _stack.Emit(parameters);
        StoreAll(frame.Parameters);
        if (conditionVariable is not null)
        {
            _stack.Emit(conditionVariable);
            _il.Emit(OpCodes.Brfalse, frame.Else);
        }

        _blocks.Enter(frame);
        if (instruction.Opcode == Opcode.Loop)
            EmitLoopHead(frame);
        _stack.PushJoined(frame.Parameters);
        if (_module.Suspension.IsSite(in instruction))
            EmitPoll(in instruction);
    }

    /// <summary>A condition that stands above parameters is read after they were stored.</summary>
    private Operand SettleCondition(Operand condition, bool hasParameters)
    {
        if (!hasParameters || condition.IsConstant)
            return condition;
        return _stack.Evaluate(condition);
    }

    /// <summary>Stores the values on the IL stack, the last of which is on top.</summary>
    private void StoreAll(Variable[] variables)
    {
        for (var i = variables.Length - 1; i >= 0; i--)
            variables[i].EmitStore(_il);
    }

    private void EmitElse()
    {
        var frame = _blocks.Innermost;
        StoreBlockResults(frame);
        JumpToEnd(frame);
        _blocks.Innermost = new ControlFrame
        {
            Opcode = Opcode.Else,
            Target = frame.Target,
            Height = frame.Height,
            Parameters = frame.Parameters,
            Results = frame.Results,
            BodyHandler = _handler,
            IsEndReached = frame.IsEndReached,
        };
        _isDead = false;
        _il.MarkLabel(frame.Else);
        _stack.PushJoined(frame.Parameters);
    }

    private void EmitEnd()
    {
        // An if without else passes its parameters on as its results.
        if (_blocks.Innermost.Opcode == Opcode.If)
            EmitElse();
        var frame = _blocks.Leave();
        if (_blocks.IsEmpty)
        {
            if (!_isDead)
            {
                _stack.Emit(_stack.Pop(_type.ResultArray.Length));
                EmitReturnOfStack();
            }

            return;
        }

        StoreBlockResults(frame);
        if (frame.Handler is { } handler)
            EmitTryEnd(frame, handler);
        else if (frame.NextClause is { } next)
            EmitLastClauseEnd(frame, next);
        EmitJoin(frame);
    }

    private void StoreBlockResults(ControlFrame frame)
    {
        if (!_isDead)
        {
            _stack.Emit(_stack.Pop(frame.Results.Length));
            StoreAll(frame.Results);
        }

        _stack.DropTo(frame.Height);
    }

    private void JumpToEnd(ControlFrame frame)
    {
        if (_isDead)
            return;
        _il.Emit(OpCodes.Br, frame.Target);
        frame.IsEndReached = true;
    }

    /// <summary>The code after a block, reached from its end and by branches.</summary>
    private void EmitJoin(ControlFrame frame)
    {
        if (frame.Opcode == Opcode.Loop)
        {
            if (frame.Dispatch is not null)
                _resume!.Close(frame.Dispatch);
        }
        else
        {
            _il.MarkLabel(frame.Target);
            _isDead &= !frame.IsEndReached;
        }

        if (!_isDead)
            _stack.PushJoined(frame.Results);
        _variables.Release(frame.Results);
        _variables.Release(frame.Parameters);
    }

    private ControlFrame TargetOf(int label)
    {
        var frame = _blocks[label];
        frame.IsEndReached = true;
        return frame;
    }

    private void EmitBr(int label)
    {
        if (_blocks.IsFunction(label))
        {
            EmitReturn();
            return;
        }

        var frame = TargetOf(label);
        _stack.Emit(_stack.Pop(frame.BranchValues.Length));
        StoreAll(frame.BranchValues);
        _il.Emit(OpCodes.Br, frame.Target);
        MarkDead();
    }

    private void EmitBrIf(int label, Operand condition) => EmitBrIf(label, () => _stack.Emit(condition));

    /// <summary>Branches if the condition is not zero or null. What a branch carries stays on the operand stack for the code after it.</summary>
    private void EmitBrIf(int label, Action emitCondition)
    {
        _stack.Settle();
        emitCondition();
        if (!_blocks.IsFunction(label) && TargetOf(label) is { BranchValues.Length: 0 } frame)
        {
            _il.Emit(OpCodes.Brtrue, frame.Target);
            return;
        }

        var skip = _il.DefineLabel();
        _il.Emit(OpCodes.Brfalse, skip);
        EmitTakenBranch(label);
        _il.MarkLabel(skip);
    }

    /// <summary>A branch on a path of its own: the operands that it carries remain for the other paths.</summary>
    private void EmitTakenBranch(int label)
    {
        if (_blocks.IsFunction(label))
        {
            _stack.EmitTop(_type.ResultArray.Length);
            EmitReturnOfStack();
            return;
        }

        var frame = TargetOf(label);
        _stack.EmitTop(frame.BranchValues.Length);
        StoreAll(frame.BranchValues);
        _il.Emit(OpCodes.Br, frame.Target);
    }

    private void EmitBrTable(int[] labels)
    {
        var index = _stack.Pop();
        _stack.Settle();
        _stack.Emit(index);
        var paths = new Dictionary<int, Label>();
        var targets = new Label[labels.Length - 1];
        for (var i = 0; i < targets.Length; i++)
            targets[i] = PathTo(labels[i], paths);

        // The generator of code for a file takes no switch without cases.
        if (targets.Length > 0)
            _il.Emit(OpCodes.Switch, targets);
        else
            _il.Emit(OpCodes.Pop);
        EmitTakenBranch(labels[^1]);
        foreach (var (label, path) in paths)
        {
            _il.MarkLabel(path);
            EmitTakenBranch(label);
        }

        MarkDead();
    }

    private Label PathTo(int label, Dictionary<int, Label> paths)
    {
        if (!_blocks.IsFunction(label) && TargetOf(label) is { BranchValues.Length: 0 } frame)
            return frame.Target;
        if (!paths.TryGetValue(label, out var path))
            paths.Add(label, path = _il.DefineLabel());
        return path;
    }

    /// <summary>Returns the operands on the stack.</summary>
    private void EmitReturn()
    {
        _stack.Emit(_stack.Pop(_type.ResultArray.Length));
        EmitReturnOfStack();
        MarkDead();
    }

    /// <summary>Moves the value on the IL stack into a slot.</summary>
    private void EmitStoreSlot(ValType type, int slot)
    {
        var value = _variables.Take(type);
        value.EmitStore(_il);
        EmitContext();
        ContextMembers.EmitSlotAddress(_il, type, slot);
        value.EmitLoad(_il);
        ClrTypes.EmitStoreIndirect(_il, type);
        _variables.Release(value);
    }

    private void EmitLoadSlot(ValType type, int slot)
    {
        EmitContext();
        ContextMembers.EmitLoadSlot(_il, type, slot);
    }
}
