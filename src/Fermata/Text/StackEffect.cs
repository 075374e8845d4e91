using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>How many operands an instruction takes from the stack, and how many results it leaves there.</summary>
/// <param name="Operands">The number of operands.</param>
/// <param name="Results">The number of results; <see cref="NeverReturns"/> where what follows is not reached.</param>
internal readonly record struct StackEffect(int Operands, int Results)
{
    public const int NeverReturns = -1;

    /// <summary>The instructions whose types the instruction table does not tell, and whose numbers of operands are always the same.</summary>
    private static readonly (StackEffect Effect, Opcode[] Opcodes)[] Untyped =
    [
        (new(0, NeverReturns), [Opcode.Unreachable, Opcode.Rethrow]),
        (new(1, NeverReturns), [Opcode.ThrowRef]),
        (new(0, 1), [Opcode.LocalGet, Opcode.GlobalGet, Opcode.RefNull, Opcode.RefFunc, Opcode.StructNewDefault]),
        (new(1, 0), [Opcode.Drop, Opcode.LocalSet, Opcode.GlobalSet]),
        (new(1, 1), [
            Opcode.LocalTee, Opcode.TableGet, Opcode.RefIsNull, Opcode.RefAsNonNull, Opcode.RefTest, Opcode.RefTestNull, Opcode.RefCast,
            Opcode.RefCastNull, Opcode.AnyConvertExtern, Opcode.ExternConvertAny, Opcode.RefI31, Opcode.I31GetS, Opcode.I31GetU,
            Opcode.StructGet, Opcode.StructGetS, Opcode.StructGetU, Opcode.ArrayNewDefault, Opcode.ArrayLen]),
        (new(2, 0), [Opcode.TableSet, Opcode.StructSet]),
        (new(2, 1), [
            Opcode.TableGrow, Opcode.RefEq, Opcode.ArrayNew, Opcode.ArrayNewData, Opcode.ArrayNewElem, Opcode.ArrayGet, Opcode.ArrayGetS,
            Opcode.ArrayGetU]),
        (new(3, 0), [Opcode.TableInit, Opcode.TableCopy, Opcode.TableFill, Opcode.MemoryInit, Opcode.MemoryCopy, Opcode.ArraySet]),
        (new(3, 1), [Opcode.Select, Opcode.SelectTyped]),
        (new(4, 0), [Opcode.ArrayFill, Opcode.ArrayInitData, Opcode.ArrayInitElem]),
        (new(5, 0), [Opcode.ArrayCopy]),
    ];

    private static readonly Dictionary<Opcode, StackEffect> Fixed = CreateTable();

    /// <summary>The effect of an instruction that opens or closes no block; null where it is not known.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="module">The module, which is valid.</param>
    /// <param name="labels">The numbers of operands that a branch to each open block takes, outermost first.</param>
    public static StackEffect? Find(ref readonly Instruction instruction, ModuleDefinition module, List<int> labels)
    {
        if (Fixed.TryGetValue(instruction.Opcode, out var effect))
            return effect;
        var index = instruction.Index;
        switch (instruction.Opcode)
        {
            case Opcode.Br:
                return new StackEffect(labels[^(index + 1)], NeverReturns);
            case Opcode.BrIf or Opcode.BrOnNull:
                return new StackEffect(labels[^(index + 1)] + 1, labels[^(index + 1)] + (instruction.Opcode == Opcode.BrIf ? 0 : 1));
            case Opcode.BrOnNonNull:
                return new StackEffect(labels[^(index + 1)], labels[^(index + 1)] - 1);
            case Opcode.BrOnCast or Opcode.BrOnCastFail:
                return new StackEffect(labels[^(index + 1)], labels[^(index + 1)]);
            case Opcode.BrTable:
                return new StackEffect(labels[^(instruction.Labels![^1] + 1)] + 1, NeverReturns);
            case Opcode.Return:
                return new StackEffect(labels[0], NeverReturns);
            case Opcode.Throw:
                return new StackEffect(FuncType(module, module.Tags[index].TypeIndex).ParameterArray.Length, NeverReturns);
            case Opcode.StructNew:
                return new StackEffect(((StructType)module.Types[index].Composite).Fields.Length, 1);
            case Opcode.ArrayNewFixed:
                return new StackEffect(instruction.Index2, 1);
            default:
                return OfCall(instruction.Opcode, index, module);
        }
    }

    public static FuncType FuncType(ModuleDefinition module, int type) => (FuncType)module.Types[type].Composite;

    /// <summary>What is called by reference or from a table comes as an operand after the arguments.</summary>
    private static StackEffect? OfCall(Opcode opcode, int index, ModuleDefinition module)
    {
        switch (opcode)
        {
            case Opcode.Call or Opcode.ReturnCall:
                var function = FuncType(module, module.Functions[index].TypeIndex);
                return new StackEffect(function.ParameterArray.Length, opcode == Opcode.Call ? function.ResultArray.Length : NeverReturns);
            case Opcode.CallRef or Opcode.CallIndirect or Opcode.ReturnCallRef or Opcode.ReturnCallIndirect:
                var type = FuncType(module, index);
                var returns = opcode is Opcode.CallRef or Opcode.CallIndirect;
                return new StackEffect(type.ParameterArray.Length + 1, returns ? type.ResultArray.Length : NeverReturns);
            default:
                return null;
        }
    }

    private static Dictionary<Opcode, StackEffect> CreateTable()
    {
        var table = new Dictionary<Opcode, StackEffect>();
        foreach (var row in InstructionTable.Rows.Where(row => row.Signature is not null))
        {
            var colon = row.Signature!.IndexOf(':', StringComparison.Ordinal);
            table.Add(row.Opcode, new StackEffect(colon, row.Signature.Length - colon - 1));
        }

        foreach (var (effect, opcodes) in Untyped)
        {
            foreach (var opcode in opcodes)
                table.Add(opcode, effect);
        }

        return table;
    }
}
