using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Finds where code looks whether its call is to end though it stands at no head of a loop, and calls nothing that looks.</summary>
/// <remarks>
/// A function may have a million instructions in a row, and a hundred thousand activations may each execute some when their calls have returned. So no
/// path has more than some hundred without a look, and what compilers make seldom has as many. One walk forward over structured control: what counts is
/// the longest way to each place.
/// </remarks>
internal sealed class StraightCode
{
    /// <summary>The most instructions in a row, which take some tenth of a microsecond.</summary>
    private const int Longest = 500;

    /// <summary>How often a very long function may look: each place has code to save the frame.</summary>
    private const int MostPolls = 500;

    /// <summary>What a call counts for, and whatever else takes a time that the instruction does not tell.</summary>
    private const int CallWeight = 16;

    private readonly ModuleCompiler _module;
    private readonly List<Block> _blocks = [];
    private readonly List<int> _polls = [];
    private readonly int _longest;
    private int _length;

    private StraightCode(ModuleCompiler module)
    {
        _module = module;
        _longest = Math.Max(Longest, module.Code.Count / MostPolls);
    }

    /// <summary>From here on a place is looked for where few values are on the operand stack.</summary>
    private int Long => _longest / 2;

    /// <summary>The instructions after which code looks, ascending.</summary>
    public static List<int> FindPolls(ModuleCompiler module)
    {
        var code = new StraightCode(module);
        if (module.Suspension.HasLoopSites)
            code.Walk();
        return code._polls;
    }

    /// <summary>Whether a function may look anywhere, if its instructions count for so much together.</summary>
    public static bool MayHavePolls(int weight) => weight >= Longest / 2;

    /// <summary>How often a function may look at most.</summary>
    /// <param name="weight">What its instructions count for together.</param>
    /// <param name="joins">Its blocks and branch targets, behind each of which it may be time to look.</param>
    public static int MostPollsOf(int weight, int joins) => (weight / (Longest / 2)) + joins;

    /// <summary>What an instruction counts for.</summary>
    public static int WeightOf(in Instruction instruction) =>
        FunctionUses.WorksOnRange(instruction.Opcode) || SuspensionAnalysis.IsCall(instruction.Opcode) ? CallWeight : 1;

    private void Walk()
    {
        _blocks.Add(default);
        for (var i = 0; i < _module.Code.Count; i++)
        {
            ref readonly var instruction = ref _module.Code[i];
            if (_module.Code.StandsForCall(i))
                StepOver(ref i);
            else if (!PassesValue(in instruction))
                Step(in instruction, i);
        }
    }

    /// <summary>Whether the instruction moves an argument or result where the module has a call.</summary>
    private static bool PassesValue(in Instruction instruction) =>
        instruction.IsAdded
        && instruction.Info.Immediate is Immediate.Local or Immediate.I32 or Immediate.I64 or Immediate.F32 or Immediate.F64 or Immediate.V128;

    /// <summary>Takes code that is inlined for the call that it was: where code looks, and pays, does not depend on that.</summary>
    private void StepOver(ref int index)
    {
        index = _module.Code.BlockEnd(index);
        _length += CallWeight;
        LookIfLong(index, leavesFewOperands: true);
    }

    private void Step(in Instruction instruction, int index)
    {
        _length += WeightOf(in instruction);
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.If or Opcode.Try or Opcode.TryTable:
                foreach (var clause in instruction.Opcode == Opcode.TryTable ? instruction.Catches! : [])
                    Branch(clause.Label, Long);
                _blocks.Add(new Block(instruction.Opcode, _length, 0));
                break;
            case Opcode.Loop:
                _length = 0;
                _blocks.Add(new Block(Opcode.Loop, 0, 0));
                break;
            case Opcode.Else:
                Branch(0, _length);
                _length = _blocks[^1].Start;
                _blocks[^1] = _blocks[^1] with { Opcode = Opcode.Else };
                break;
            case Opcode.Catch or Opcode.CatchAll:
                Branch(0, _length);
                _length = Long;
                break;
            case Opcode.End or Opcode.Delegate:
                var block = _blocks[^1];
                _blocks.RemoveAt(_blocks.Count - 1);
                _length = Math.Max(_length, Math.Max(block.AtEnd, block.Opcode == Opcode.If ? block.Start : 0));
                break;
            case var _ when instruction.Info.IsBranch:
                Branch(instruction.Index, _length);
                break;
            case Opcode.BrTable:
                foreach (var label in instruction.Labels!)
                    Branch(label, _length);
                break;
            case Opcode.Call when _module.Suspension.HasEntrySite(instruction.Index):
                _length = 0;
                break;
            case Opcode.Return or Opcode.Unreachable or Opcode.Throw or Opcode.ThrowRef or Opcode.Rethrow
                or Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef:
                break;
            default:
                LookIfLong(index, LeavesFewOperands(instruction.Opcode));
                break;
        }
    }

    private void LookIfLong(int index, bool leavesFewOperands)
    {
        if (_length < _longest && (_length < Long || !leavesFewOperands))
            return;

        // The results of a piece are taken before: locals that are still to be set would not be kept.
        _polls.Add(index + _module.Code.CountResultSets(index));
        _length = 0;
    }

    private static bool LeavesFewOperands(Opcode opcode) => opcode is Opcode.LocalSet or Opcode.GlobalSet or Opcode.Drop
        or Opcode.I32Store or Opcode.I64Store or Opcode.F32Store or Opcode.F64Store or Opcode.V128Store or Opcode.Call or Opcode.CallIndirect;

    /// <summary>Notes how long the way to the end of a block is by a branch. One to a loop comes to a head that looks.</summary>
    private void Branch(int label, int length)
    {
        var index = _blocks.Count - 1 - label;
        var block = _blocks[index];
        if (block.Opcode != Opcode.Loop && length > block.AtEnd)
            _blocks[index] = block with { AtEnd = length };
    }

    /// <param name="Opcode">What kind of block it is.</param>
    /// <param name="Start">How long the way to its beginning is.</param>
    /// <param name="AtEnd">How long the way to its end is by branches.</param>
    private readonly record struct Block(Opcode Opcode, int Start, int AtEnd);
}
