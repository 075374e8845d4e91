using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The operand stack at compile time. What is on it is emitted as late as its effects allow.</summary>
/// <remarks>
/// An operand reads variables until it is emitted or dropped, whether it is on the stack or was popped. Before a variable changes, and before control
/// forks or joins, the operands that depend on it are settled: they get temporaries of their own.
/// </remarks>
internal sealed class OperandStack(ILGenerator il, OperandEmitter emitter, Variables variables)
{
    private readonly List<Operand> _operands = [];

    /// <summary>Operands below are constants or variables that nothing but their consumer changes.</summary>
    private int _settled;

    public int Height => _operands.Count;

    public Operand Top => _operands[^1];

    public void Push(Operand operand) => _operands.Add(operand);

    public void PushConstant(ValType type, ulong bits) => Push(new Operand { Kind = OperandKind.Constant, Type = type, Bits = bits });

    public void PushVariable(Variable variable) => PushVariable(variable, variable.Holds);

    public void PushVariable(Variable variable, ValType type)
    {
        variable.PendingReads++;
        Push(Operand.Of(variable, type));
    }

    /// <summary>At a join: pushes variables in which the values are on each path. Everything below was settled.</summary>
    public void PushJoined(Variable[] joined)
    {
        foreach (var variable in joined)
            PushVariable(variable);
        _settled = _operands.Count;
    }

    /// <summary>Pushes the result of an operation that has no effect and cannot trap.</summary>
    public void PushOperation(Opcode opcode, ValType type, Operand left, Operand? right) => PushOperation(Operand.Of(opcode, type, left, right));

    /// <inheritdoc cref="PushOperation(Opcode, ValType, Operand, Operand?)"/>
    public void PushOperation(Operand operation)
    {
        if (operation.Size <= Operand.MaxSize)
        {
            Push(operation);
            return;
        }

        Push(Evaluate(operation));
    }

    /// <summary>Stores the value on the IL stack in a temporary and pushes that.</summary>
    public void PushResult(ValType type) => Push(StoreTemporary(type));

    public Operand Pop()
    {
        var operand = _operands[^1];
        _operands.RemoveAt(_operands.Count - 1);
        _settled = Math.Min(_settled, _operands.Count);
        return operand;
    }

    /// <summary>Pops operands; the last of the array was on top.</summary>
    public Operand[] Pop(int count)
    {
        var operands = new Operand[count];
        for (var i = count - 1; i >= 0; i--)
            operands[i] = Pop();
        return operands;
    }

    /// <summary>Pops an operand in a form that may be emitted several times.</summary>
    public Operand PopReusable()
    {
        var operand = Pop();
        return operand.IsConstant || operand.Kind == OperandKind.Variable ? operand : Evaluate(operand);
    }

    /// <summary>Emits an operand that was popped, and gives one for the temporary that its value is in.</summary>
    public Operand Evaluate(Operand operand)
    {
        Emit(operand);
        return StoreTemporary(operand.Type);
    }

    /// <summary>Emits an operand that was popped.</summary>
    public void Emit(Operand operand)
    {
        emitter.Emit(operand);
        Drop(operand);
    }

    public void Emit(Operand[] operands) => Array.ForEach(operands, Emit);

    /// <summary>Emits a value and leaves the operand pending.</summary>
    public void EmitValue(Operand operand) => emitter.Emit(operand);

    /// <summary>Emits the topmost values and leaves them on the stack.</summary>
    public void EmitTop(int count)
    {
        for (var i = _operands.Count - count; i < _operands.Count; i++)
            emitter.Emit(_operands[i]);
    }

    /// <summary>Forgets an operand that was popped.</summary>
    public void Drop(Operand operand)
    {
        if (operand.Variable is not null)
            variables.Release(operand.Variable);
        if (operand.Left is not null)
            Drop(operand.Left);
        if (operand.Right is not null)
            Drop(operand.Right);
        if (operand.Third is not null)
            Drop(operand.Third);
    }

    public void DropTo(int height)
    {
        while (_operands.Count > height)
            Drop(Pop());
    }

    /// <summary>Assigns the value on the IL stack; operands that read the old value are settled first.</summary>
    public void Assign(Variable variable)
    {
        if (variable.PendingReads > 0)
            SettleReadersOf(variable);
        variable.EmitStore(il);
    }

    /// <summary>Before control forks or joins: nothing on the stack depends any more on when it is emitted.</summary>
    public void Settle()
    {
        for (; _settled < _operands.Count; _settled++)
        {
            if (!_operands[_settled].IsConstant && !IsTemporary(_operands[_settled]))
                Settle(_settled);
        }
    }

    /// <summary>Adds the variables that the stack reads to those that are live at a call site.</summary>
    public void AddVariables(List<Variable> live, int site)
    {
        foreach (var operand in _operands)
            operand.AddVariables(live, site);
    }

    /// <summary>Where many operands are pending all are settled at once, so that each is looked at a bounded number of times.</summary>
    private void SettleReadersOf(Variable variable)
    {
        const int Many = 64;
        if (_operands.Count - _settled > Many)
            Settle();
        for (var i = _settled; i < _operands.Count && variable.PendingReads > 0; i++)
        {
            if (!_operands[i].Reads(variable))
                continue;
            if (NumericEmission.IsComparison(_operands[i]))
                _operands[i] = SettleSides(_operands[i], variable);
            else
                Settle(i);
        }
    }

    /// <summary>A comparison keeps what it compares, not its result: so the JIT compares and branches in one where a branch takes it, as at the end of a loop that counts in between.</summary>
    private Operand SettleSides(Operand comparison, Variable variable)
    {
        return Operand.Of(comparison.Opcode, comparison.Type, SettleSide(comparison.Left!), comparison.Right is { } right ? SettleSide(right) : null);

        Operand SettleSide(Operand side) => side.Reads(variable) ? Evaluate(side) : side;
    }

    private static bool IsTemporary(Operand operand) => operand.Variable is { IsTemporary: true };

    /// <summary>The operand keeps what it reads until its own temporary is taken, which so is another one.</summary>
    private void Settle(int index)
    {
        var operand = _operands[index];
        EmitValue(operand);
        _operands[index] = StoreTemporary(operand.Type);
        Drop(operand);
    }

    private Operand StoreTemporary(ValType type)
    {
        var variable = variables.Take(type);
        variable.EmitStore(il);
        return Operand.Of(variable, type);
    }
}
