using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Finds which functions of a module are worth to be inlined, and can be: small ones that neither call nor loop, so that they are never suspended.</summary>
/// <remarks>
/// What they may do otherwise are numbers, variables, branches, and loads and stores of memories with 32-bit addresses. Others may trap in code of the run time, where nothing tells
/// calls of it from one another that the JIT has made one of.
/// </remarks>
/// <param name="module">The compiler of the module.</param>
internal sealed class InlineCandidates(ModuleCompiler module)
{
    /// <summary>What a call takes in the code beside the callee.</summary>
    private const int Overhead = 8;

    private const int MaxLocals = 16;

    /// <summary>A function that is called from more places may be this part as long as others, since each has the code of its own.</summary>
    private const int ManyCallsPart = 3;
    private const int FewCalls = 4;

    /// <summary>For each function: 0 where nobody has looked yet, -1 if it is no candidate, else what it takes.</summary>
    private readonly int[] _sizes = new int[module.Definition.Functions.Count];

    /// <summary>By how much the code of a function becomes longer by another one, in bytes; null if that cannot be inlined.</summary>
    public int? SizeOf(int function)
    {
        if (_sizes[function] == 0)
            _sizes[function] = Find(function) ?? -1;
        return _sizes[function] > 0 ? _sizes[function] : null;
    }

    private int? Find(int function)
    {
        var longest = module.Options.InlinedBytes / (module.Suspension.CountCallers(function) <= FewCalls ? 1 : ManyCallsPart);
        if (module.Definition.Functions[function].Body is not { } body || body.Code.Length > longest)
            return null;
        var type = module.Types.FunctionSignature(function);
        var locals = type.ParameterArray.Length + body.Locals.Sum(group => (long)group.Count);
        var isSimple = type.ResultArray.Length <= 1 && locals <= MaxLocals
            && type.ParameterArray.All(IsNumber) && type.ResultArray.All(IsNumber) && body.Locals.All(group => IsNumber(group.Type));
        return isSimple && HasOnlySimpleInstructions(body) ? body.Code.Length + (int)locals + Overhead : null;
    }

    /// <summary>Whether locals for values of a type need nothing but room.</summary>
    public static bool IsNumber(ValType type) => !type.IsRef;

    private bool HasOnlySimpleInstructions(FunctionBody body)
    {
        var reader = new InstructionReader(module.Definition.Bytes.Span, body.Code);
        var instruction = default(Instruction);
        var divisor = 0ul;
        while (reader.HasMore)
        {
            reader.Read(ref instruction);
            if (!IsSimple(in instruction, divisor))
                return false;
            divisor = instruction.Opcode is Opcode.I32Const or Opcode.I64Const ? instruction.Bits : 0;
        }

        return true;
    }

    private bool IsSimple(in Instruction instruction, ulong divisor)
    {
        if (instruction.Info.Immediate == Immediate.MemoryArgument)
            return instruction.Info.Prefix != InstructionTable.AtomicPrefix && !module.Types.MemoryTypes[instruction.Index].Is64;
        if (NumericEmission.IsDivision(instruction.Opcode))
            return divisor is not 0 and not ulong.MaxValue;
        return instruction.Opcode == Opcode.Unreachable || (instruction.Opcode != Opcode.Loop && FunctionUses.IsHarmless(in instruction));
    }
}
