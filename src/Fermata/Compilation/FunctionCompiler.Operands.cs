using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The operand stack at compile time. What is on it is emitted as late as its effects allow.</summary>
internal sealed partial class FunctionCompiler
{
    private readonly List<Operand> _stack = [];
    private readonly Dictionary<ValType, Stack<Variable>> _freeVariables = [];

    /// <summary>Operands below are constants or variables that nothing but their consumer changes.</summary>
    private int _settled;

    private void Push(Operand operand) => _stack.Add(operand);

    private void PushConstant(ValType type, ulong bits) => Push(new Operand { Kind = OperandKind.Constant, Type = type, Bits = bits });

    private void PushVariable(Variable variable) => PushVariable(variable, variable.Type);

    private void PushVariable(Variable variable, ValType type)
    {
        variable.PendingReads++;
        Push(new Operand { Kind = OperandKind.Variable, Type = type, Variable = variable });
    }

    /// <summary>Pushes the result of an operation that has no effect and cannot trap.</summary>
    private void PushOperation(Opcode opcode, ValType type, Operand left, Operand? right)
    {
        PushOperation(new Operand
        {
            Kind = OperandKind.Operation,
            Type = type,
            Opcode = opcode,
            Left = left,
            Right = right,
            Size = 1 + left.Size + (right?.Size ?? 0),
        });
    }

    private void PushOperation(Operand operation)
    {
        if (operation.Size <= Operand.MaxSize)
        {
            Push(operation);
            return;
        }

        Emit(operation);
        PushResult(operation.Type);
    }

    /// <summary>Stores the value on the IL stack in a new variable and pushes that.</summary>
    private void PushResult(ValType type)
    {
        var variable = TakeTemporary(type);
        variable.EmitStore(_il);
        PushVariable(variable, type);
    }

    /// <summary>An operand that was popped, in a form that may be emitted several times.</summary>
    private Operand Reusable(Operand operand)
    {
        if (operand.IsConstant || operand.Kind == OperandKind.Variable)
            return operand;
        Emit(operand);
        PushResult(operand.Type);
        return Pop();
    }

    private Operand Pop()
    {
        var operand = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        _settled = Math.Min(_settled, _stack.Count);
        return operand;
    }

    private Operand[] Pop(int count)
    {
        var operands = new Operand[count];
        for (var i = count - 1; i >= 0; i--)
            operands[i] = Pop();
        return operands;
    }

    private void Drop(Operand operand)
    {
        if (operand.Variable is not null)
            Release(operand.Variable);
        if (operand.Left is not null)
            Drop(operand.Left);
        if (operand.Right is not null)
            Drop(operand.Right);
        if (operand.Third is not null)
            Drop(operand.Third);
    }

    private void DropTo(int height)
    {
        while (_stack.Count > height)
            Drop(Pop());
    }

    /// <summary>Emits an operand that was popped.</summary>
    private void Emit(Operand operand)
    {
        EmitValue(operand);
        Drop(operand);
    }

    private void Emit(Operand[] operands)
    {
        foreach (var operand in operands)
            Emit(operand);
    }

    /// <summary>Emits a value and leaves the operand pending.</summary>
    private void EmitValue(Operand operand)
    {
        switch (operand.Kind)
        {
            case OperandKind.Constant when operand.Type.Kind == ValKind.V128:
                VectorConstant.Emit(_il, _module.Calls, operand.Bits, operand.HighBits, _uses.SubtractsVectors);
                break;
            case OperandKind.Constant:
                EmitConstant(operand.Type, operand.Bits);
                break;
            case OperandKind.Null:
                _il.Emit(OpCodes.Ldnull);
                break;
            case OperandKind.Variable:
                operand.Variable!.EmitLoad(_il);
                break;
            case OperandKind.Operation when VectorEmission.IsVector(operand.Opcode):
                EmitVectorOperation(operand);
                break;
            default:
                EmitOperand(operand.Opcode, operand.Left!);
                if (operand.Right is not null)
                    EmitOperand(operand.Opcode, operand.Right);
                if (operand.Opcode == Opcode.RefIsNull)
                    EmitIsNull();
                else
                    NumericEmission.Emit(_il, operand.Opcode);
                if (NumericEmission.MayBeRotation(operand))
                    NumericEmission.EmitSettle(_il, operand.Type);
                break;
        }
    }

    private void EmitOperand(Opcode opcode, Operand operand)
    {
        if (NumericEmission.HasIdentities(opcode) && operand is { Kind: OperandKind.Constant } && IsZeroOrOne(operand))
            EmitFromBits(operand.Type, operand.Bits);
        else
            EmitValue(operand);
    }

    private static bool IsZeroOrOne(Operand constant)
    {
        var value = constant.Type == ValType.F32
            ? BitConverter.UInt32BitsToSingle((uint)constant.Bits)
            : BitConverter.UInt64BitsToDouble(constant.Bits);
        return Math.Abs(value) is 0 or 1;
    }

    /// <summary>A floating-point constant that .NET's compilers do not look into: they keep a float as a double, so the bits of a signalling NaN are lost.</summary>
    private void EmitFromBits(ValType type, ulong bits)
    {
        if (type == ValType.F32)
        {
            _il.Emit(OpCodes.Ldc_I4, (int)bits);
            NumericEmission.Emit(_il, Opcode.F32ReinterpretI32);
        }
        else
        {
            _il.Emit(OpCodes.Ldc_I8, (long)bits);
            NumericEmission.Emit(_il, Opcode.F64ReinterpretI64);
        }
    }

    private void EmitIsNull()
    {
        _il.Emit(OpCodes.Ldnull);
        _il.Emit(OpCodes.Ceq);
    }

    private void EmitConstant(ValType type, ulong bits)
    {
        switch (type.Kind)
        {
            case ValKind.I32:
                _il.Emit(OpCodes.Ldc_I4, (int)bits);
                break;
            case ValKind.I64:
                _il.Emit(OpCodes.Ldc_I8, (long)bits);
                break;
            case ValKind.F32 when float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)):
            case ValKind.F64 when double.IsNaN(BitConverter.UInt64BitsToDouble(bits)):
                EmitFromBits(type, bits);
                break;
            case ValKind.F32:
                _il.Emit(OpCodes.Ldc_R4, BitConverter.UInt32BitsToSingle((uint)bits));
                break;
            default:
                _il.Emit(OpCodes.Ldc_R8, BitConverter.UInt64BitsToDouble(bits));
                break;
        }
    }

    /// <summary>Assigns the value on the IL stack; operands that read the old value are given variables of their own first.</summary>
    private void Assign(Variable variable)
    {
        if (variable.PendingReads > 0)
            SettleReadersOf(variable);
        variable.EmitStore(_il);
    }

    /// <summary>Where many operands are pending all are settled at once, so that each is looked at a bounded number of times.</summary>
    private void SettleReadersOf(Variable variable)
    {
        const int Many = 64;
        if (_stack.Count - _settled > Many)
            SettleStack();
        for (var i = _settled; i < _stack.Count && variable.PendingReads > 0; i++)
        {
            if (_stack[i].Reads(variable))
                Settle(i);
        }
    }

    /// <summary>Before control forks or joins: nothing on the stack depends any more on when it is emitted.</summary>
    private void SettleStack()
    {
        for (; _settled < _stack.Count; _settled++)
        {
            if (!_stack[_settled].IsConstant && !IsTemporary(_stack[_settled]))
                Settle(_settled);
        }
    }

    private static bool IsTemporary(Operand operand) => operand.Variable is { IsTemporary: true };

    private void Settle(int index)
    {
        var operand = _stack[index];
        EmitValue(operand);
        var variable = TakeTemporary(operand.Type);
        Drop(operand);
        variable.EmitStore(_il);
        variable.PendingReads++;
        _stack[index] = new Operand { Kind = OperandKind.Variable, Type = operand.Type, Variable = variable };
    }

    /// <summary>A variable that nothing reads.</summary>
    private Variable TakeTemporary(ValType type)
    {
        if (!_freeVariables.TryGetValue(StorageOf(type), out var free))
            _freeVariables.Add(StorageOf(type), free = new Stack<Variable>());
        return free.TryPop(out var variable) ? variable : NewTemporary(StorageOf(type));
    }

    private Variable NewTemporary(ValType type)
    {
        var variable = NewVariable(type);
        variable.IsTemporary = true;
        return variable;
    }

    /// <summary>All references share variables.</summary>
    private static ValType StorageOf(ValType type) => type.IsRef ? ValType.ExternRef : type;

    private void Release(Variable variable)
    {
        if (--variable.PendingReads == 0 && variable.IsTemporary)
            _freeVariables[variable.Type].Push(variable);
    }
}
