using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>What a function needs in its prologue, found by one look over its instructions.</summary>
/// <param name="HasCalls">Whether it calls anything, inlined functions too.</param>
/// <param name="ReturnsByCall">Whether it has tail calls.</param>
/// <param name="NeedsContext">Whether it uses the store's context.</param>
/// <param name="Sites">The positions of the calls, waits, loops and <paramref name="Polls"/> where it may be suspended, ascending.</param>
/// <param name="Polls">The positions of the instructions after which it looks whether it is to go on (see <see cref="StraightCode"/>), ascending.</param>
/// <param name="Joins">How many blocks and branch targets it has.</param>
/// <param name="Memories">The memories that it loads from or stores to, ascending.</param>
/// <param name="SubtractsVectors">Whether it subtracts vectors of floating-point numbers (see <see cref="VectorConstant"/>).</param>
internal readonly record struct FunctionUses(
    bool HasCalls, bool ReturnsByCall, bool NeedsContext, List<int> Sites, List<int> Polls, int Joins, List<int> Memories,
    bool SubtractsVectors)
{
    public static FunctionUses Of(ModuleCompiler module, FuncType type)
    {
        var hasCalls = false;
        var returnsByCall = false;
        var subtractsVectors = false;
        var sites = new List<int>();
        var polls = StraightCode.FindPolls(module);
        var nextPoll = 0;
        var joins = 0;
        var memories = new List<int>();
        var needsContext = type.ResultArray.Length > 1 || module.Options.UsesFuel;
        for (var i = 0; i < module.Code.Count; i++)
        {
            module.Budget.Spend();
            ref readonly var instruction = ref module.Code[i];
            if (instruction.Info.Immediate is Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane)
                AddTo(memories, instruction.Index);
            if (module.Suspension.IsSite(in instruction))
                sites.Add(i);
            if (nextPoll < polls.Count && polls[nextPoll] == i)
            {
                nextPoll++;
                if (sites.Count == 0 || sites[^1] != i)
                    sites.Add(i);
            }

            joins += JoinsOf(in instruction);
            subtractsVectors |= instruction.Opcode is Opcode.F32x4Sub or Opcode.F64x2Sub;
            hasCalls |= SuspensionAnalysis.IsCall(instruction.Opcode) || module.Code.StandsForCall(i);
            returnsByCall |= FunctionCompiler.IsTailCall(in instruction);
            needsContext |= SuspensionAnalysis.IsThrow(instruction.Opcode) || instruction.Opcode is Opcode.Try or Opcode.TryTable;
            needsContext |= MakesObject(instruction.Opcode);
        }

        return new FunctionUses(hasCalls, returnsByCall, needsContext || hasCalls || sites.Count > 0, sites, polls, joins, memories, subtractsVectors);
    }

    private static void AddTo(List<int> memories, int memory)
    {
        var place = memories.BinarySearch(memory);
        if (place < 0)
            memories.Insert(~place, memory);
    }

    /// <summary>Whether the instruction takes a time that its operands say, so that the context is asked meanwhile whether to go on (<see cref="Runtime.BulkWork"/>).</summary>
    public static bool WorksOnRange(Opcode opcode) => opcode is Opcode.MemoryFill or Opcode.MemoryCopy or Opcode.MemoryInit
        or Opcode.TableFill or Opcode.TableCopy or Opcode.TableInit or Opcode.TableGrow
        or Opcode.ArrayNew or Opcode.ArrayNewDefault or Opcode.ArrayNewData or Opcode.ArrayNewElem or Opcode.ArrayFill or Opcode.ArrayCopy or Opcode.ArrayInitData or Opcode.ArrayInitElem;

    /// <summary>Whether the instruction makes an object, which the store counts.</summary>
    private static bool MakesObject(Opcode opcode) => opcode is Opcode.StructNew or Opcode.StructNewDefault
        or Opcode.ArrayNew or Opcode.ArrayNewDefault or Opcode.ArrayNewFixed or Opcode.ArrayNewData or Opcode.ArrayNewElem or Opcode.RefI31;

    /// <summary>Whether the instruction is known neither to trap nor to call.</summary>
    public static bool IsHarmless(in Instruction instruction)
    {
        if (VectorEmission.IsVector(instruction.Opcode))
            return instruction.Info.Immediate is not (Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane);
        if (NumericEmission.Has(instruction.Opcode))
            return !NumericEmission.MayTrap(instruction.Opcode);
        return instruction.Opcode is Opcode.Nop or Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Else or Opcode.End
            or Opcode.Br or Opcode.BrIf or Opcode.BrTable or Opcode.Return or Opcode.Drop or Opcode.Select or Opcode.SelectTyped
            or Opcode.LocalGet or Opcode.LocalSet or Opcode.LocalTee or Opcode.GlobalGet or Opcode.GlobalSet
            or Opcode.I32Const or Opcode.I64Const or Opcode.F32Const or Opcode.F64Const or Opcode.RefNull or Opcode.RefIsNull
            or Opcode.MemorySize or Opcode.TableSize;
    }

    public static int JoinsOf(in Instruction instruction) => instruction.Info.Immediate switch
    {
        Immediate.BlockType or Immediate.Label or Immediate.LabelAndCast => 1,
        Immediate.LabelTable => instruction.Labels!.Length,
        Immediate.TryTable => 1 + instruction.Catches!.Length,
        _ => 0,
    };
}
