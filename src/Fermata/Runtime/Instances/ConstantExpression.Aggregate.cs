using Fermata.Structure;

namespace Fermata.Runtime;

/// <content>Structures, arrays and 31-bit integers.</content>
internal static partial class ConstantExpression
{
    private static Value StepAggregate(Instance instance, in Instruction instruction, Stack<Value> stack)
    {
        switch (instruction.Opcode)
        {
            case Opcode.RefI31:
                return Reference(HeapType.I31, I31.From((int)stack.Pop().Bits));
            case Opcode.AnyConvertExtern:
                return Convert(stack.Pop(), HeapType.Any);
            case Opcode.ExternConvertAny:
                return Convert(stack.Pop(), HeapType.Extern);
            case Opcode.StructNew or Opcode.StructNewDefault:
                return NewStruct(instance, in instruction, stack);
            default:
                return NewArray(instance, in instruction, stack);
        }
    }

    private static Value Reference(HeapType type, object value) => new(ValType.Ref(false, type), 0, 0, value);

    private static Value Convert(Value value, HeapType type) => new(ValType.Ref(value.Type.IsNullable, type), 0, 0, value.Reference);

    private static Value NewStruct(Instance instance, in Instruction instruction, Stack<Value> stack)
    {
        var definition = instance.Module.Types.Types[instruction.Index];
        var type = instance.Code.Struct(definition);
        var structure = type.Create();
        if (instruction.Opcode == Opcode.StructNew)
        {
            for (var i = type.Fields.Length - 1; i >= 0; i--)
                type.Fields[i].SetValue(structure, Stored(stack.Pop(), type.FieldTypes[i]));
        }

        return Reference(HeapType.Defined(definition.Id), structure);
    }

    private static object? Stored(Value value, FieldType field) => (field.Packing, value.Type.Kind) switch
    {
        (Packing.I8, _) => (sbyte)value.Bits,
        (Packing.I16, _) => (short)value.Bits,
        (_, ValKind.I32) => (int)value.Bits,
        (_, ValKind.I64) => (long)value.Bits,
        (_, ValKind.F32) => BitConverter.UInt32BitsToSingle((uint)value.Bits),
        (_, ValKind.F64) => BitConverter.UInt64BitsToDouble(value.Bits),
        (_, ValKind.V128) => value.AsV128(),
        _ => value.Reference,
    };

    private static Value NewArray(Instance instance, in Instruction instruction, Stack<Value> stack)
    {
        var definition = instance.Module.Types.Types[instruction.Index];
        var type = instance.Code.Array(definition);
        var isFixed = instruction.Opcode == Opcode.ArrayNewFixed;
        var length = isFixed ? (uint)instruction.Index2 : (uint)stack.Pop().Bits;
        var array = ArrayOperations.TryCreate(type.Type, type.ElementSize, length, instance.Context);
        if (instance.Context.TakeThrown() is { } end)
            throw end;
        if (instruction.Opcode == Opcode.ArrayNew)
            Fill(array!, type.Element, 0, stack.Pop(), length);
        for (var i = length; isFixed && i > 0; i--)
            Fill(array!, type.Element, i - 1, stack.Pop(), 1);
        return Reference(HeapType.Defined(definition.Id), array!);
    }

    private static void Fill(object array, FieldType element, uint start, Value value, uint count)
    {
        switch (element.Packing, value.Type.Kind)
        {
            case (Packing.I8, _):
                ArrayOperations.Fill(array, start, (sbyte)value.Bits, count, null);
                break;
            case (Packing.I16, _):
                ArrayOperations.Fill(array, start, (short)value.Bits, count, null);
                break;
            case (_, ValKind.I32 or ValKind.F32):
                ArrayOperations.Fill(array, start, (uint)value.Bits, count, null);
                break;
            case (_, ValKind.I64 or ValKind.F64):
                ArrayOperations.Fill(array, start, value.Bits, count, null);
                break;
            case (_, ValKind.V128):
                ArrayOperations.Fill(array, start, value.AsV128(), count, null);
                break;
            default:
                ArrayOperations.Fill(array, start, value.Reference, count, null);
                break;
        }
    }
}
