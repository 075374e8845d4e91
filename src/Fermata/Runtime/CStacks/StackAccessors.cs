using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>Finds the stack pointer of a module whose code keeps nothing on the C stack, by the functions that Emscripten exports for its host, their names lost.</summary>
/// <remarks>
/// A counter may have functions that read and write it as well, and would be set back when a promising call ends. So all of this must hold: the global is the only
/// mutable one of the type of addresses; it is the module's own and starts as a stack does (<see cref="StackFrames.Candidates"/>); one exported function does nothing but return
/// it, another nothing but set it to its argument; and nothing else writes it, but a function that takes as many bytes from it as it is told, aligned to 16.
/// </remarks>
internal static class StackAccessors
{
    private static readonly Opcode[] Reader = [Opcode.GlobalGet, Opcode.End];
    private static readonly Opcode[] Writer = [Opcode.LocalGet, Opcode.GlobalSet, Opcode.End];
    private static readonly Opcode[] Allocator32 =
        [Opcode.GlobalGet, Opcode.LocalGet, Opcode.I32Sub, Opcode.I32Const, Opcode.I32And, Opcode.LocalTee, Opcode.GlobalSet, Opcode.LocalGet, Opcode.End];

    private static readonly Opcode[] Allocator64 =
        [Opcode.GlobalGet, Opcode.LocalGet, Opcode.I64Sub, Opcode.I64Const, Opcode.I64And, Opcode.LocalTee, Opcode.GlobalSet, Opcode.LocalGet, Opcode.End];

    /// <summary>The stack pointer of a module with a memory; null if none is found.</summary>
    public static int? Find(ModuleDefinition module, ModuleTypes types)
    {
        var addressType = types.MemoryTypes[0].AddressType;
        var mutable = Enumerable.Range(0, types.GlobalTypes.Length).Where(global => types.GlobalTypes[global] is { IsMutable: true } type && type.Type == addressType);
        if (mutable.Take(2).ToList() is not [var global] || module.Globals[global].IsImported || !StackFrames.Candidates(module, types).Contains(global))
            return null;

        var exported = module.Exports.Where(export => export.Kind == ExternKind.Func).Select(export => export.Index).ToHashSet();
        var (isRead, isWritten) = (false, false);
        for (var i = 0; i < module.Functions.Count; i++)
        {
            if (module.Functions[i].Body is not { } body)
                continue;
            var code = new InstructionReader(module.Bytes.Span, body.Code);
            if (exported.Contains(i) && Is(code, Reader, global))
                isRead = true;
            else if (exported.Contains(i) && Is(code, Writer, global))
                isWritten = true;
            else if (Writes(code, global) && !Is(code, Allocator32, global) && !Is(code, Allocator64, global))
                return null;
        }

        return isRead && isWritten ? global : null;
    }

    /// <summary>Whether code is a list of instructions, about the global, the first parameter or what a local was set to, and the alignment of C stacks.</summary>
    private static bool Is(InstructionReader code, Opcode[] instructions, int global)
    {
        var (instruction, local) = (default(Instruction), 0);
        foreach (var opcode in instructions)
        {
            if (!code.HasMore)
                return false;
            code.Read(ref instruction);
            if (opcode == Opcode.LocalTee)
                local = instruction.Index;
            var isRight = instruction.Opcode == opcode && opcode switch
            {
                Opcode.GlobalGet or Opcode.GlobalSet => instruction.Index == global,
                Opcode.LocalGet => instruction.Index == local,
                Opcode.I32Const or Opcode.I64Const => (long)instruction.Bits == -StackFrames.Alignment,
                _ => true,
            };
            if (!isRight)
                return false;
        }

        return !code.HasMore;
    }

    private static bool Writes(InstructionReader code, int global)
    {
        var instruction = default(Instruction);
        while (code.HasMore)
        {
            code.Read(ref instruction);
            if (instruction.Opcode == Opcode.GlobalSet && instruction.Index == global)
                return true;
        }

        return false;
    }
}
