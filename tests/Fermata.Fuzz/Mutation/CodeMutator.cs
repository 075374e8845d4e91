using Fermata.Binary;
using Fermata.Fuzz.Rewriting;
using Fermata.Structure;

namespace Fermata.Fuzz.Mutation;

/// <summary>Makes other valid modules of one: changes that keep the types on the stack as they are.</summary>
internal sealed class CodeMutator
{
    private readonly ModuleDefinition _definition;
    private readonly RandomSource _random;
    private readonly int _oneIn;

    private CodeMutator(ModuleDefinition definition, RandomSource random)
    {
        _definition = definition;
        _random = random;
        _oneIn = 2 << random.Below(6);
    }

    /// <summary>Another module.</summary>
    /// <param name="module">A valid module.</param>
    /// <param name="random">What decides about the changes.</param>
    public static byte[] Mutate(byte[] module, RandomSource random)
    {
        var definition = ModuleDecoder.Decode(module);
        var editor = new ModuleEditor(definition);
        var mutator = new CodeMutator(definition, random);
        for (var index = definition.ImportedFunctionCount; index < definition.Functions.Count; index++)
        {
            if (!random.OneIn(3))
                editor.ReplaceBody(index, mutator.MutateBody(index));
        }

        return editor.ToBytes();
    }

    private ByteWriter MutateBody(int functionIndex)
    {
        var body = new BodyWriter(_definition, functionIndex);
        var locals = new LocalChoice(body);
        body.Visit((ref instruction, bytes) =>
        {
            if (instruction.Opcode == Opcode.End || !_random.OneIn(_oneIn) || !TryReplace(body, locals, ref instruction))
                body.Code.Write(bytes);
            if (_random.OneIn(4 * _oneIn))
                Append(body, instruction.Info);
        });
        return body.ToBody();
    }

    /// <summary>Writes something else in place of an instruction, if there is something.</summary>
    private bool TryReplace(BodyWriter body, LocalChoice locals, ref Instruction instruction)
    {
        var (info, code) = (instruction.Info, body.Code);
        switch (info.Immediate)
        {
            case Immediate.I32 or Immediate.I64 or Immediate.F32 or Immediate.F64 or Immediate.V128:
                Constants.Write(code, info.Signature![^1], _random);
                return true;
            case Immediate.None when info.Signature is { } signature && OperatorGroups.WithSignature(signature) is { Count: > 0 } others:
                PermuteOperands(body, signature);
                code.WriteOpcode(_random.OneIn(2) ? info.Opcode : _random.Pick(others).Opcode);
                return true;
            case Immediate.MemoryArgument:
                WriteAccess(code, _random.Pick(OperatorGroups.AccessesLike(info)), ref instruction);
                return true;
            case Immediate.Lane:
                code.Lane(info.Opcode, (byte)_random.Below(16 >> info.Width));
                return true;
            case Immediate.Lanes:
                code.WriteOpcode(info.Opcode);
                for (var i = 0; i < 16; i++)
                    code.WriteByte((byte)_random.Below(32));
                return true;
            case Immediate.Local:
                code.WriteIndexed(info.Opcode, locals.Like(instruction.Index, _random));
                return true;
            case Immediate.Global:
                code.WriteIndexed(info.Opcode, GlobalLike(instruction.Index));
                return true;
            case Immediate.Function when info.Opcode == Opcode.Call:
                code.WriteIndexed(info.Opcode, FunctionLike(instruction.Index));
                return true;
        }

        return TryNegate(code, info.Opcode, ref instruction);
    }

    private static bool TryNegate(ByteWriter code, Opcode opcode, ref Instruction instruction)
    {
        if (opcode != Opcode.BrIf)
            return false;
        code.WriteOpcode(Opcode.I32Eqz);
        code.WriteIndexed(opcode, instruction.Index);
        return true;
    }

    private void WriteAccess(ByteWriter code, InstructionInfo info, ref Instruction instruction)
    {
        code.WriteOpcode(info.Opcode);
        var alignment = (ulong)_random.Below(info.Width + 1);
        code.WriteUnsigned(instruction.Index == 0 ? alignment : alignment | 0x40);
        if (instruction.Index != 0)
            code.WriteUnsigned((ulong)instruction.Index);
        var offset = _random.OneIn(2) ? instruction.Bits : (ulong)_random.Below(1 << _random.Below(18));
        code.WriteUnsigned(_random.OneIn(50) ? (uint)Constants.Bits(_random) : offset);
    }

    /// <summary>Swaps two operands of the same type.</summary>
    private void PermuteOperands(BodyWriter body, string signature)
    {
        if (signature.IndexOf(':', StringComparison.Ordinal) != 2 || signature[0] != signature[1] || signature[0] == 'a' || !_random.OneIn(2))
            return;
        var type = OperatorGroups.Type(signature[0]);
        body.Code.LocalSet(body.Scratch(type));
        body.Code.LocalSet(body.Scratch(type, 1));
        body.Code.LocalGet(body.Scratch(type));
        body.Code.LocalGet(body.Scratch(type, 1));
    }

    /// <summary>Writes something after an instruction that leaves its result in place, or changes it.</summary>
    private void Append(BodyWriter body, InstructionInfo info)
    {
        var code = body.Code;
        if (OperatorGroups.ResultOf(info) is not { } type)
        {
            code.Write([(byte)(_random.OneIn(2) ? Opcode.Block : Opcode.Loop), 0x40, (byte)Opcode.End]);
            return;
        }

        switch (_random.Below(4))
        {
            case 0 when OperatorGroups.WithSignature($"{type}:{type}") is { Count: > 0 } unary:
                code.WriteOpcode(_random.Pick(unary).Opcode);
                break;
            case 1:
                Constants.Write(code, type, _random);
                code.WriteOpcode(_random.Pick(OperatorGroups.WithSignature($"{type}{type}:{type}")).Opcode);
                break;
            case 2:
                ChooseByCondition(code, type);
                break;
            default:
                KeepInLocal(body, type);
                break;
        }
    }

    /// <summary>The value, or another one, by a condition that code cannot know.</summary>
    private void ChooseByCondition(ByteWriter code, char type)
    {
        Constants.Write(code, type, _random);
        Constants.Write(code, 'i', _random);
        code.WriteOpcode(Opcode.Select);
    }

    /// <summary>The value through a local and a block.</summary>
    private void KeepInLocal(BodyWriter body, char letter)
    {
        var type = OperatorGroups.Type(letter);
        var local = body.Scratch(type, 2);
        var code = body.Code;
        code.LocalSet(local);
        code.WriteOpcode(_random.OneIn(2) ? Opcode.Block : Opcode.Loop);
        code.WriteValType(type);
        code.LocalGet(local);
        code.WriteOpcode(Opcode.End);
    }

    /// <summary>A global of the same type.</summary>
    private int GlobalLike(int index)
    {
        var type = _definition.Globals[index].Type;
        if (type.Type.IsRef)
            return index;
        var other = _random.Below(_definition.Globals.Count);
        return _definition.Globals[other].Type == type ? other : index;
    }

    private int FunctionLike(int index)
    {
        var other = _random.Below(_definition.Functions.Count);
        return _definition.Functions[other].TypeIndex == _definition.Functions[index].TypeIndex ? other : index;
    }
}
