using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>Finds the stack pointer of a module without names, by what compiled C does with it.</summary>
/// <remarks>
/// A wrong guess harms a module that was right: whenever a promising call ends, the global is set back to what it was, and bytes below it may be moved. So
/// all of this must hold:
/// <list type="bullet">
/// <item>The global is mutable, of the type that addresses of the first memory have, and starts in that memory at a multiple of 16 above zero, as linkers
/// lay a stack; that of Go, which switches between many, starts at zero. Where an imported one starts is not known.</item>
/// <item>A function takes a frame and gives it back: it writes the global less a constant, which is a multiple of 16 as C's ABI has it, and keeps that in a
/// local; then it writes the local plus the same constant.</item>
/// <item>No function adds another constant to the global, or adds one without keeping the sum. So do counters; C keeps the address of its frame.</item>
/// <item>It is the only one.</item>
/// </list>
/// </remarks>
internal sealed class StackFrames
{
    /// <summary>What C aligns its stacks to, in bytes.</summary>
    public const long Alignment = 16;

    private readonly ModuleDefinition _module;
    private readonly HashSet<int> _candidates;
    private readonly HashSet<int> _withFrames = [];
    private readonly HashSet<int> _counters = [];

    /// <summary>The frames that the function has taken so far which is being read.</summary>
    private readonly HashSet<(int Global, int Local, long Size)> _taken = [];

    private StackFrames(ModuleDefinition module, HashSet<int> candidates)
    {
        _module = module;
        _candidates = candidates;
    }

    /// <summary>The globals of a module with a memory that can be its stack pointer, by their types and where they start.</summary>
    public static IEnumerable<int> Candidates(ModuleDefinition module, ModuleTypes types)
    {
        var memory = types.MemoryTypes[0];
        return Enumerable.Range(0, module.Globals.Count).Where(global =>
            types.GlobalTypes[global] is { IsMutable: true } type && type.Type == memory.AddressType
            && (module.Globals[global].IsImported || StartsIn(memory, Start(module, module.Globals[global]))));
    }

    /// <summary>The stack pointer of a module with a memory; null if none is found.</summary>
    public static int? Find(ModuleDefinition module, ModuleTypes types)
    {
        var candidates = Candidates(module, types).ToHashSet();
        if (candidates.Count == 0)
            return null;
        var found = new List<StackFrames>();
        FunctionPass.Run(module.ImportedFunctionCount, module.Functions.Count, module.CodeLength, new LoadBudget(), _ =>
        {
            var frames = new StackFrames(module, candidates);
            found.Add(frames);
            return function => frames.Read(module.Functions[function].Body!.Code);
        });
        var withFrames = found.SelectMany(static frames => frames._withFrames).Except(found.SelectMany(static frames => frames._counters)).ToList();
        return withFrames.Count == 1 ? withFrames[0] : null;
    }

    private static bool StartsIn(MemoryType memory, ulong start) =>
        start > 0 && start % Alignment == 0 && (start - 1) / Memory.PageSize < memory.Limits.Min;

    /// <summary>The initial value of a global; 0 if that is no plain constant.</summary>
    private static ulong Start(ModuleDefinition module, GlobalDefinition global)
    {
        var reader = new InstructionReader(module.Bytes.Span, global.Initializer!.Value);
        var (value, end) = (default(Instruction), default(Instruction));
        reader.Read(ref value);
        if (value.Opcode != Opcode.I32Const && value.Opcode != Opcode.I64Const)
            return 0;
        reader.Read(ref end);
        return end.Opcode != Opcode.End ? 0 : value.Opcode == Opcode.I32Const ? (uint)value.Bits : value.Bits;
    }

    private void Read(ByteRange code)
    {
        _taken.Clear();
        var reader = new InstructionReader(_module.Bytes.Span, code);
        var instruction = default(Instruction);
        Step fourth = default, third = default, second = default, last = default;
        while (reader.HasMore)
        {
            reader.Read(ref instruction);
            var step = new Step(instruction.Opcode, instruction.Index, (long)instruction.Bits);
            if (step.Opcode == Opcode.GlobalSet && _candidates.Contains(step.Index))
            {
                if (last.Opcode == Opcode.LocalTee)
                    NoteKept(step.Index, fourth, Sum(third, second), last.Index);
                else
                    NoteWritten(step.Index, third, Sum(second, last));
            }

            (fourth, third, second, last) = (third, second, last, step);
        }
    }

    /// <summary>A global is set to a sum that stays in a local.</summary>
    private void NoteKept(int global, Step summand, long? constant, int local)
    {
        if (constant is not { } change || !summand.Is(Opcode.GlobalGet, global))
            return;
        if (change < 0 && change % Alignment == 0)
            _taken.Add((global, local, -change));
        else
            _counters.Add(global);
    }

    /// <summary>A global is set to a sum that is not kept.</summary>
    private void NoteWritten(int global, Step summand, long? constant)
    {
        if (constant is not { } change)
            return;
        if (summand.Is(Opcode.GlobalGet, global))
            _counters.Add(global);
        else if (summand.Opcode == Opcode.LocalGet && _taken.Contains((global, summand.Index, change)))
            _withFrames.Add(global);
    }

    /// <summary>What two instructions add to the operand before them; null if it is no constant. Optimisers write either of add and sub, whichever is shorter.</summary>
    private static long? Sum(Step constant, Step operation) => (constant.Opcode, operation.Opcode) switch
    {
        (Opcode.I32Const, Opcode.I32Add) or (Opcode.I64Const, Opcode.I64Add) => constant.Value,
        (Opcode.I32Const, Opcode.I32Sub) or (Opcode.I64Const, Opcode.I64Sub) => -constant.Value,
        _ => null,
    };

    private readonly record struct Step(Opcode Opcode, int Index, long Value)
    {
        public bool Is(Opcode opcode, int index) => Opcode == opcode && Index == index;
    }
}
