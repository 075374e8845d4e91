using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>What a function needs in its prologue, found by one look over its instructions.</summary>
/// <param name="HasCalls">Whether it calls anything.</param>
/// <param name="NeedsContext">Whether it uses the store's context.</param>
/// <param name="Sites">The positions of the calls that may suspend, ascending.</param>
/// <param name="Memories">The memories that it loads from or stores to.</param>
/// <param name="SubtractsVectors">Whether it subtracts vectors of floating-point numbers (see <see cref="VectorConstant"/>).</param>
internal readonly record struct FunctionUses(bool HasCalls, bool NeedsContext, List<int> Sites, SortedSet<int> Memories, bool SubtractsVectors)
{
    public static FunctionUses Of(ModuleCompiler module, FuncType type)
    {
        var hasCalls = false;
        var subtractsVectors = false;
        var sites = new List<int>();
        var memories = new SortedSet<int>();
        var needsContext = type.ResultArray.Length > 1;
        for (var i = 0; i < module.Code.Count; i++)
        {
            ref readonly var instruction = ref module.Code[i];
            if (instruction.Info.Immediate is Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane)
                memories.Add(instruction.Index);
            if (module.Suspension.IsSite(in instruction))
                sites.Add(i);
            subtractsVectors |= instruction.Opcode is Opcode.F32x4Sub or Opcode.F64x2Sub;
            hasCalls |= instruction.Opcode is Opcode.Call or Opcode.CallIndirect or Opcode.CallRef
                or Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef;
        }

        return new FunctionUses(hasCalls, needsContext || hasCalls, sites, memories, subtractsVectors);
    }
}
