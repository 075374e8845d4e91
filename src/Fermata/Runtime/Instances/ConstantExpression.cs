using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Runtime;

/// <summary>Evaluates the initializers of globals, tables and segments, and the offsets of segments.</summary>
/// <remarks>Section 4.6.12 "Expressions"; what is evaluated was validated.</remarks>
internal static partial class ConstantExpression
{
    /// <summary>The value of an expression. The imports, functions and earlier globals of the instance are in place.</summary>
    /// <exception cref="TrapException">There is no memory for an array.</exception>
    public static Value Evaluate(Instance instance, ByteRange expression)
    {
        var reader = new InstructionReader(instance.Module.Definition.Bytes.Span, expression);
        var stack = new Stack<Value>();
        Instruction instruction = default;
        while (true)
        {
            reader.Read(ref instruction);
            if (instruction.Opcode == Opcode.End)
                return stack.Pop();
            stack.Push(Step(instance, in instruction, stack));
        }
    }

    private static Value Step(Instance instance, in Instruction instruction, Stack<Value> stack)
    {
        switch (instruction.Opcode)
        {
            case Opcode.I32Const:
                return Value.FromI32((int)instruction.Bits);
            case Opcode.I64Const:
                return Value.FromI64((long)instruction.Bits);
            case Opcode.F32Const:
                return new Value(ValType.F32, (uint)instruction.Bits, 0, null);
            case Opcode.F64Const:
                return new Value(ValType.F64, instruction.Bits, 0, null);
            case Opcode.V128Const:
                return Value.FromV128(instruction.Vector);
            case Opcode.RefNull:
                return new Value(ValType.Ref(true, instance.Module.Types.Resolve(instruction.Heap)), 0, 0, null);
            case Opcode.RefFunc:
                var function = instance.FunctionAt(instruction.Index);
                return new Value(ValType.Ref(false, HeapType.Defined(function.TypeId)), 0, 0, function);
            case Opcode.GlobalGet:
                return instance.Globals[instruction.Index].Value;
            case Opcode.I32Add or Opcode.I32Sub or Opcode.I32Mul:
                var (left, right) = PopTwo(stack);
                return Value.FromI32((int)Calculate(instruction.Opcode, left.Bits, right.Bits));
            case Opcode.I64Add or Opcode.I64Sub or Opcode.I64Mul:
                (left, right) = PopTwo(stack);
                return Value.FromI64((long)Calculate(instruction.Opcode, left.Bits, right.Bits));
            default:
                return StepAggregate(instance, in instruction, stack);
        }
    }

    private static (Value Left, Value Right) PopTwo(Stack<Value> stack)
    {
        var right = stack.Pop();
        return (stack.Pop(), right);
    }

    /// <summary>Addition, subtraction and multiplication wrap around, so that 32-bit results are the low half of 64-bit ones.</summary>
    private static ulong Calculate(Opcode opcode, ulong left, ulong right) => opcode switch
    {
        Opcode.I32Add or Opcode.I64Add => unchecked(left + right),
        Opcode.I32Sub or Opcode.I64Sub => unchecked(left - right),
        _ => unchecked(left * right),
    };
}
