using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Finds which locals are live after each instruction that may suspend: a frame saves these and no others.</summary>
/// <remarks>
/// The classic backward analysis, on structured control: the code is walked from its end; a branch to the end of a block finds
/// what is live there already known; what is live at the head of a loop is assumed to be nothing at first, and the walk is repeated
/// until the assumptions hold. Each walk may correct one more level of nested loops, so after some walks what is live at the head of a loop
/// is taken to be live everywhere in it: too much at worst, and the next walk is the last.
/// </remarks>
internal sealed class Liveness
{
    /// <summary>The walks that find exactly what is live. Compilers' code needs two or three.</summary>
    private const int ExactWalks = 8;

    private readonly InstructionList _code;
    private readonly SuspensionAnalysis? _suspension;

    /// <summary>The positions that are asked for, ascending, and whether it is for what is live before the instruction there; else it is after it.</summary>
    private readonly List<int> _places;
    private readonly bool _isBefore;
    private readonly int _localCount;
    private readonly LoadBudget _budget;
    private readonly BitSet _live;
    private readonly Dictionary<int, BitSet> _sites = [];
    private readonly Dictionary<int, BitSet> _loopHeads = [];
    private readonly Dictionary<int, BitSet> _handlers = [];
    private readonly Stack<BitSet> _free = [];
    private readonly List<Block> _blocks = [];
    private bool _changed;

    /// <summary>How many of the places the walk, which is backward, has not come to yet.</summary>
    private int _placesLeft;

    /// <summary>Whether what is live at the head of a loop counts as live everywhere in it.</summary>
    private bool _isCoarse;

    private Liveness(InstructionList code, SuspensionAnalysis? suspension, List<int> places, int localCount, LoadBudget budget)
    {
        _budget = budget;
        _code = code;
        _suspension = suspension;
        _isBefore = suspension is null;
        _places = places;
        _localCount = localCount;
        _live = new BitSet(localCount);
    }

    /// <summary>The live locals after each call site, by the index of its instruction.</summary>
    public static Dictionary<int, BitSet> Analyze(InstructionList code, SuspensionAnalysis suspension, List<int> polls, int localCount, LoadBudget budget) =>
        new Liveness(code, suspension, polls, localCount, budget).Run();

    /// <summary>The live locals before the instructions at some positions, which are ascending.</summary>
    public static Dictionary<int, BitSet> Before(InstructionList code, List<int> positions, int localCount, LoadBudget budget) =>
        new Liveness(code, null, positions, localCount, budget).Run();

    private Dictionary<int, BitSet> Run()
    {
        for (var walks = 1; Walk() && !_isCoarse; walks++)
            _isCoarse = walks == ExactWalks;
        return _sites;
    }

    /// <summary>Walks the code once; true if an assumption was wrong.</summary>
    private bool Walk()
    {
        _changed = false;
        _live.Clear();
        _placesLeft = _places.Count;
        for (var i = _code.Count - 1; i >= 0; i--)
        {
            _budget.Spend();
            if (!_isBefore)
                ComeTo(i);
            Step(in _code[i], i);
            if (_isBefore)
                ComeTo(i);
        }

        return _changed;
    }

    private void ComeTo(int position)
    {
        if (_placesLeft == 0 || _places[_placesLeft - 1] != position)
            return;
        _placesLeft--;
        AddSite(position);
    }

    private void Step(in Instruction instruction, int index)
    {
        switch (instruction.Opcode)
        {
            case Opcode.End or Opcode.Delegate:
                Open(_code.BlockStart(index), instruction.Opcode);
                break;
            case Opcode.Else:
                var block = _blocks[^1];
                _blocks[^1] = block with { AtElse = Snapshot() };
                _live.CopyFrom(block.Target);
                break;
            case Opcode.If:
                _live.UnionWith(_blocks[^1].AtElse ?? _blocks[^1].Target);
                Close();
                break;
            case Opcode.Loop:
                _changed |= _blocks[^1].Target.UnionWith(_live);
                if (IsSite(in instruction))
                    AddSite(index);
                Close();
                break;
            case Opcode.Catch or Opcode.CatchAll:
                _blocks[^1].Handlers!.Value.UnionWith(_live);
                _live.CopyFrom(_blocks[^1].Target);
                break;
            case Opcode.Block or Opcode.Try or Opcode.TryTable:
                Close();
                break;
            case Opcode.Br:
                _live.Clear();
                AddTarget(instruction.Index);
                break;
            case Opcode.BrIf or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail:
                AddTarget(instruction.Index);
                break;
            case Opcode.BrTable:
                _live.Clear();
                foreach (var label in instruction.Labels!)
                    AddTarget(label);
                break;
            case Opcode.Throw or Opcode.ThrowRef or Opcode.Rethrow:
                _live.Clear();
                AddHandlers();
                break;
            case Opcode.Return or Opcode.Unreachable or FailingCall.Opcode or Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef:
                _live.Clear();
                break;
            case Opcode.LocalGet:
                _live.Add(instruction.Index);
                break;
            case Opcode.LocalSet or Opcode.LocalTee:
                _live.Remove(instruction.Index);
                break;
            default:
                if (instruction.Opcode is Opcode.Call or Opcode.CallIndirect or Opcode.CallRef
                    or Opcode.MemoryAtomicWait32 or Opcode.MemoryAtomicWait64)
                    AddHandlers();
                if (IsSite(in instruction))
                    AddSite(index);
                break;
        }
    }

    private bool IsSite(in Instruction instruction) => _suspension?.IsSite(in instruction) ?? false;

    private void AddSite(int index)
    {
        var live = Remember(_sites, index);
        live.CopyFrom(_live);
        if (!_isCoarse)
            return;
        if (_blocks[^1].Loop is { } loop)
            live.UnionWith(loop);
        if (_loopHeads.TryGetValue(index, out var head))
            live.UnionWith(head);
    }

    /// <summary>Walks into a block from its end. A branch to it goes to the head of a loop, to the end of any other block.</summary>
    private void Open(int start, Opcode end)
    {
        var opcode = start >= 0 ? _code[start].Opcode : Opcode.Block;
        var handlers = _blocks.Count > 0 ? _blocks[^1].Handlers : null;
        if (opcode == Opcode.TryTable || (opcode == Opcode.Try && end == Opcode.End))
            handlers = HandlersOf(in _code[start], start, handlers);
        var isLoop = opcode == Opcode.Loop;
        var loop = _blocks.Count > 0 ? _blocks[^1].Loop : null;
        var target = isLoop ? Remember(_loopHeads, start) : Snapshot();
        if (isLoop && _isCoarse && loop is { } outer)
            target.UnionWith(outer);
        _blocks.Add(new Block(target, isLoop, null, handlers, isLoop ? target : loop));
    }

    /// <summary>
    /// What is live wherever an exception in the body of a try may lead: at its own clauses, and at those around. The clauses of the older form
    /// stand between its body and its end, so they add themselves before the body is reached.
    /// </summary>
    private BitSet HandlersOf(in Instruction start, int index, BitSet? around)
    {
        var handlers = Remember(_handlers, index);
        handlers.Clear();
        if (around is { } outer)
            handlers.UnionWith(outer);
        foreach (var clause in start.Opcode == Opcode.TryTable ? start.Catches! : [])
            handlers.UnionWith(_blocks[_blocks.Count - 1 - clause.Label].Target);
        return handlers;
    }

    /// <summary>A call in a try may end there.</summary>
    private void AddHandlers()
    {
        if (_blocks[^1].Handlers is { } handlers)
            _live.UnionWith(handlers);
    }

    private void Close()
    {
        var block = _blocks[^1];
        _blocks.RemoveAt(_blocks.Count - 1);
        if (!block.IsLoop)
            _free.Push(block.Target);
        if (block.AtElse is { } atElse)
            _free.Push(atElse);
    }

    private void AddTarget(int label) => _live.UnionWith(_blocks[_blocks.Count - 1 - label].Target);

    private BitSet Snapshot()
    {
        var set = _free.Count > 0 ? _free.Pop() : new BitSet(_localCount);
        set.CopyFrom(_live);
        return set;
    }

    private BitSet Remember(Dictionary<int, BitSet> sets, int index)
    {
        if (!sets.TryGetValue(index, out var set))
            sets.Add(index, set = new BitSet(_localCount));
        return set;
    }

    /// <param name="Target">What is live where a branch to the block goes.</param>
    /// <param name="IsLoop">Whether that is the head of a loop.</param>
    /// <param name="AtElse">What is live at the start of the second branch of an <c>if</c>.</param>
    /// <param name="Handlers">What is live wherever an exception in the block may lead.</param>
    /// <param name="Loop">What is live at the head of the innermost loop, be it this block.</param>
    private readonly record struct Block(BitSet Target, bool IsLoop, BitSet? AtElse, BitSet? Handlers, BitSet? Loop);
}
