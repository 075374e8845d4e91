using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Follows the value of a load to find out whether the JIT reads all bytes of it, so that the load faults wherever its last byte lies beyond the memory.</summary>
/// <remarks>
/// Where a value is not used, the JIT still reads from its address, but no more than 4 bytes. Where only the low bytes are used, in the same straight piece of code, it reads these:
/// of <c>(i32.wrap_i64 (i64.load …))</c> 4 bytes, of a lane that is extracted from a vector the lane. Such a load would succeed though it crosses the end of the memory, so its
/// bounds are checked. A value is taken to be used in full if an instruction that has an effect takes it, by itself or after operations that need all of it. What is made of a vector
/// by an operation on lanes of floating-point numbers is computed, and so read, whatever part of it is used; of integers the JIT computes a single lane.
/// </remarks>
internal struct LoadedValue
{
    /// <summary>The most instructions that are looked at.</summary>
    private const int Window = 64;

    /// <summary>How much the JIT reads at least, but for vectors, of a value that is not used.</summary>
    private const int ProbedBytes = 4;

    private readonly ModuleCompiler _module;
    private readonly int _size;

    /// <summary>The number of results of the function.</summary>
    private readonly int _resultCount;

    /// <summary>Which operands are the value, or depend on all of it; the topmost is the lowest bit.</summary>
    private ulong _operands = 1;

    /// <summary>The local that is the value; -1 for none.</summary>
    private int _local = -1;

    /// <summary>Whether what is followed was made of the value by an operation on lanes of floating-point numbers, and the value itself is gone.</summary>
    private bool _isMade;

    /// <summary>Whether there was another such local.</summary>
    private bool _hasOthers;

    private LoadedValue(ModuleCompiler module, int size, int resultCount)
    {
        _module = module;
        _size = size;
        _resultCount = resultCount;
    }

    private readonly bool IsGone => _operands == 0 && _local < 0;

    /// <summary>Whether it is read in any case, if the code around does not take a part of it.</summary>
    private readonly bool IsProbed => _size <= ProbedBytes && !_hasOthers;

    /// <summary>Whether a load reads all its bytes for certain.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="load">The position of the load.</param>
    /// <param name="size">The number of bytes.</param>
    /// <param name="resultCount">The number of results of the function.</param>
    public static bool IsReadInFull(ModuleCompiler module, int load, int size, int resultCount)
    {
        if (size == 1)
            return true;
        var value = new LoadedValue(module, size, resultCount);
        var end = Math.Min(module.Code.Count, load + 1 + Window);
        for (var i = load + 1; i < end; i++)
        {
            if (value.Follow(i) is { } found)
                return found;
            if (value.IsGone)
                return value.IsProbed;
        }

        return false;
    }

    /// <summary>Takes one instruction into account.</summary>
    /// <returns>What it decides; null if nothing yet.</returns>
    private bool? Follow(int position)
    {
        ref readonly var instruction = ref _module.Code[position];
        switch (instruction.Opcode)
        {
            case Opcode.Nop or Opcode.Block:
                return null;
            case Opcode.Drop:
                Pop(1);
                return null;
            case Opcode.LocalGet:
                Push(instruction.Index == _local);
                return null;
            case Opcode.LocalSet:
                Assign(instruction.Index, Pop(1) != 0);
                return null;
            case Opcode.LocalTee:
                Assign(instruction.Index, (_operands & 1) != 0);
                return null;
            case Opcode.Select or Opcode.SelectTyped:
                Push(Pop(3) != 0);
                return null;
            case Opcode.GlobalGet:
                Push(false);
                return null;
            case Opcode.GlobalSet:
                return Pop(1) != 0 ? true : null;
            case Opcode.Loop:
                return IsProbed ? true : null;
            case Opcode.BrIf or Opcode.If:
                return Pop(1) != 0 || IsProbed ? true : null;
            case Opcode.BrTable:
                return Pop(1) != 0 || IsProbed;
            case Opcode.Br or Opcode.Else or Opcode.Unreachable:
                return IsProbed;
            case Opcode.Return:
                return Pop(_resultCount) != 0 || IsProbed;
            case Opcode.End:
                return _module.Code.BlockStart(position) >= 0 ? null : Pop(_resultCount) != 0 || IsProbed;
            case Opcode.Call:
                return FollowCall(_module.SignatureOf(instruction.Index), 0, !_module.Suspension.IsInTraces(instruction.Index));
            case Opcode.CallIndirect:
                return FollowCall(_module.Types.FuncType(instruction.Index), 1, mayBeInlined: false);
            default:
                return instruction.Info.Signature is { } signature ? FollowOperation(position, signature) : false;
        }
    }

    /// <summary>What the JIT takes the code of in place of a call may use a part of an argument only.</summary>
    private bool? FollowCall(FuncType type, int more, bool mayBeInlined)
    {
        if (Pop(type.ParameterArray.Length + more) != 0)
            return _isMade || !mayBeInlined;
        if (IsProbed)
            return true;
        for (var i = 0; i < type.ResultArray.Length; i++)
            Push(false);
        return null;
    }

    private bool? FollowOperation(int position, string signature)
    {
        ref readonly var instruction = ref _module.Code[position];
        var count = signature.IndexOf(':', StringComparison.Ordinal);
        var taken = Pop(count);
        var isAccess = instruction.Info.Immediate == Immediate.MemoryArgument;
        if (taken != 0 && isAccess)
            return _isMade || IsTakenInFull(in instruction, taken, count);
        if (taken != 0 && !_isMade && !NeedsAll(_module.Code, position, taken, count))
            return false;
        _isMade |= taken != 0 && IsGone && IsOnFloats(instruction.Info);
        if (isAccess && count > 1 && IsProbed)
            return true;
        if (count + 1 < signature.Length)
            Push(taken != 0);
        return null;
    }

    /// <summary>Whether a plain load or store takes all of the value: as its address, or to store it.</summary>
    private readonly bool IsTakenInFull(in Instruction instruction, ulong taken, int count)
    {
        var isAddress = taken >> (count - 1) != 0;
        return instruction.Info.Prefix == 0 || instruction.Opcode is Opcode.V128Load or Opcode.V128Store
            ? isAddress || 1 << instruction.Info.Width >= _size
            : isAddress;
    }

    /// <summary>Whether an operation needs each byte of its operands for its result.</summary>
    private static bool NeedsAll(InstructionList code, int position, ulong taken, int count)
    {
        ref readonly var instruction = ref code[position];
        if (VectorEmission.IsVector(instruction.Opcode))
            return NeedsAllOfVectors(instruction.Info);
        return instruction.Opcode switch
        {
            Opcode.I32WrapI64 or Opcode.I32Extend8S or Opcode.I32Extend16S or Opcode.I64Extend8S or Opcode.I64Extend16S or Opcode.I64Extend32S => false,

            // Of the distance only the low bits count.
            Opcode.I32Shl or Opcode.I32ShrS or Opcode.I32ShrU or Opcode.I32Rotl or Opcode.I32Rotr
                or Opcode.I64Shl or Opcode.I64ShrS or Opcode.I64ShrU or Opcode.I64Rotl or Opcode.I64Rotr => (taken & 1) == 0,

            // Of a mask that is not known it is not known either.
            Opcode.I32And => (taken & 1) == 0 && code[position - 1] is { Opcode: Opcode.I32Const, Bits: var mask } && (uint)mask >> 24 != 0,
            Opcode.I64And => (taken & 1) == 0 && code[position - 1] is { Opcode: Opcode.I64Const, Bits: var mask } && mask >> 56 != 0,
            _ => instruction.Info.Immediate == Immediate.None && count <= 2,
        };
    }

    /// <summary>Operations on all lanes; not those that take some, or that widen half of them.</summary>
    private static bool NeedsAllOfVectors(InstructionInfo info) => info.Immediate == Immediate.None
        && info.Signature is "v:v" or "vv:v" or "l:v" or "f:v" or "d:v"
        && info.Opcode != Opcode.I8x16Swizzle
        && !info.Name.Contains("_low", StringComparison.Ordinal) && !info.Name.Contains("_high", StringComparison.Ordinal);

    private static bool IsOnFloats(InstructionInfo info) =>
        info.Signature is "v:v" or "vv:v"
        && (info.Name.StartsWith("f32x4.", StringComparison.Ordinal) || info.Name.StartsWith("f64x2.", StringComparison.Ordinal));

    private void Assign(int local, bool isValue)
    {
        if (isValue)
        {
            _hasOthers |= _local >= 0 && _local != local;
            _local = local;
        }
        else if (local == _local)
        {
            _local = -1;
        }
    }

    private void Push(bool isValue) => _operands = (_operands << 1) | (isValue ? 1ul : 0);

    /// <summary>Takes operands off the stack.</summary>
    /// <returns>Which of them are the value.</returns>
    private ulong Pop(int count)
    {
        if (count >= 64)
        {
            var all = _operands;
            _operands = 0;
            return all;
        }

        var taken = _operands & ((1ul << count) - 1);
        _operands >>= count;
        return taken;
    }
}
