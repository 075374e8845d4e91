using System.Collections;
using System.Runtime.InteropServices;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Finds the pieces that a function is to be compiled in: runs of whole statements in the body of one block.</summary>
/// <remarks>
/// Nothing branches into the middle of such a run from outside, since the labels that are seen there are ends of blocks, or heads of loops, inside of the run or around it. Compilers put the cases of
/// a <c>switch</c> behind the ends of nested blocks, so each of these becomes a run of its own. A block that is too large for one piece stays outside, and pieces are looked for in it.
/// </remarks>
internal sealed class PieceSearch
{
    private readonly InstructionList _code;
    private readonly LoadBudget _budget;
    private readonly BitArray _statements;
    private readonly PieceObstacles _obstacles;
    private readonly PieceSizes _sizes;
    private readonly List<PieceRange> _found = [];

    /// <summary>What calls pieces already, by where it begins.</summary>
    private readonly Dictionary<int, CalledPiece> _called;

    /// <summary>How many instructions there are before each position, with those that call pieces in place of theirs.</summary>
    private readonly int[] _counts;

    /// <summary>The blocks that are open.</summary>
    private readonly List<Level> _levels = [];

    /// <summary>Where the statements begin that are to be divided among pieces, and where the last of them ends.</summary>
    private readonly List<int> _bounds = [];

    /// <summary>Whether the statement that is looked at cannot be in a piece.</summary>
    private bool _isRefused;

    /// <summary>Whether the rest of the block cannot be reached.</summary>
    private bool _isDead;

    private PieceSearch(ModuleCompiler module, InstructionList code, BitArray statements, PieceObstacles obstacles, IReadOnlyList<CalledPiece> called)
    {
        _budget = module.Budget;
        _code = code;
        _statements = statements;
        _obstacles = obstacles;
        _sizes = PieceSizes.Of(module.Options);
        _called = called.ToDictionary(static piece => piece.Range.Start);
        _counts = CountInstructions();
    }

    /// <summary>The pieces, in the order of the code.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="code">The code of the function.</param>
    /// <param name="statements">Where its statements begin.</param>
    /// <param name="obstacles">What cannot be in a piece.</param>
    /// <param name="called">The pieces that it calls already: each is in one piece, or stays outside.</param>
    public static List<PieceRange> Find(ModuleCompiler module, InstructionList code, BitArray statements, PieceObstacles obstacles, IReadOnlyList<CalledPiece> called)
    {
        var search = new PieceSearch(module, code, statements, obstacles, called);
        search.Walk();
        return search._found;
    }

    private int[] CountInstructions()
    {
        var counts = new int[_code.Count + 1];
        for (var i = 0; i < _code.Count;)
        {
            _budget.Spend();
            var (end, count) = _called.TryGetValue(i, out var called) ? (called.Range.End, called.Count) : (i + 1, 1);
            counts.AsSpan(i + 1, end - i).Fill(counts[i] + count);
            i = end;
        }

        return counts;
    }

    private int Count(int start, int end) => _counts[end] - _counts[start];

    private void Walk()
    {
        _levels.Add(new Level(-1, HasPieces: true));
        Arrive(0);
        for (var i = 0; i < _code.Count;)
        {
            _budget.Spend();
            i = Step(i);
            Arrive(i);
        }
    }

    /// <summary>Takes an instruction, or a whole block, into account.</summary>
    /// <returns>The position of the next.</returns>
    private int Step(int position)
    {
        if (!_isDead && _called.TryGetValue(position, out var called))
        {
            if (!called.Range.FallsThrough)
                EndBlock(called.Range.End);
            return called.Range.End;
        }

        var opcode = _code[position].Opcode;
        switch (opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Try or Opcode.TryTable:
                var end = _code.BlockEnd(position);
                if (_isDead || (Count(position, end) < _sizes.Largest && _obstacles.Allow(position)))
                    return end + 1;
                Divide(fallsThrough: true);
                _levels.Add(new Level(position, _levels[^1].HasPieces && opcode is not (Opcode.Try or Opcode.TryTable)));
                break;
            case Opcode.Else or Opcode.Catch or Opcode.CatchAll:
                Divide(fallsThrough: true);
                _isDead = false;
                break;
            case Opcode.End or Opcode.Delegate:
                Divide(fallsThrough: true);
                _isDead = false;
                _levels.RemoveAt(_levels.Count - 1);
                break;
            default:
                _isRefused |= !_obstacles.Allow(position);
                if (EndsBlock(opcode))
                    EndBlock(position + 1);
                break;
        }

        return position + 1;
    }

    /// <summary>Control never comes to a position, up to which the instructions are done with.</summary>
    private void EndBlock(int position)
    {
        Arrive(position);
        Divide(fallsThrough: false);
        _isDead = true;
    }

    /// <summary>Whether the rest of the block cannot be reached.</summary>
    private static bool EndsBlock(Opcode opcode) => opcode is Opcode.Br or Opcode.BrTable or Opcode.Return or Opcode.Unreachable
        or Opcode.Throw or Opcode.ThrowRef or Opcode.Rethrow or Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef;

    /// <summary>Notes that the instructions before a position are done with.</summary>
    private void Arrive(int position)
    {
        if (position == _code.Count || _isDead || !_levels[^1].HasPieces || !_statements[_code[position].Offset - _code[0].Offset]
            || (_bounds.Count > 0 && _bounds[^1] == position))
        {
            return;
        }

        if (_bounds.Count > 0 && (_isRefused || Count(_bounds[^1], position) > _sizes.LargestStatement))
            Divide(fallsThrough: true);
        _isRefused = false;
        _bounds.Add(position);
    }

    /// <summary>Makes pieces of the statements that have come together.</summary>
    /// <param name="fallsThrough">Whether control may come to the end of the last one.</param>
    private void Divide(bool fallsThrough)
    {
        if (_bounds.Count > 1)
            Divide(CollectionsMarshal.AsSpan(_bounds), fallsThrough);
        _bounds.Clear();
        _isRefused = false;
    }

    /// <summary>Makes pieces of like size of statements that all may be in one.</summary>
    private void Divide(ReadOnlySpan<int> bounds, bool fallsThrough)
    {
        var size = Count(bounds[0], bounds[^1]);
        var count = (size + _sizes.Largest - 1) / _sizes.Largest;
        var start = 0;
        for (var i = 1; i < bounds.Length; i++)
        {
            var isLast = i == bounds.Length - 1;
            if (!isLast && Count(bounds[start], bounds[i + 1]) <= Math.Min(_sizes.Largest, (size / count) + (_sizes.Largest / 8)))
                continue;
            if (Count(bounds[start], bounds[i]) >= _sizes.Smallest && !IsOneCall(bounds[start], bounds[i]))
                AddPiece(bounds[start], bounds[i], fallsThrough || !isLast);
            start = i;
        }
    }

    /// <summary>Whether the instructions only call a piece.</summary>
    private bool IsOneCall(int start, int end) => _called.TryGetValue(start, out var called) && called.Range.End == end;

    private void AddPiece(int start, int end, bool fallsThrough)
    {
        var exits = new Exits();
        AddExits(start, end, exits);
        _found.Add(new PieceRange(start, end, fallsThrough, [.. exits.Labels.Select(LabelOf)], exits.Returns));
    }

    private PieceLabel LabelOf(int depth)
    {
        var start = _levels[^(depth + 1)].Start;
        return _code[start].Opcode == Opcode.Loop
            ? new PieceLabel(depth, start, BlockType.Empty)
            : new PieceLabel(depth, _code.BlockEnd(start) + 1, _code[start].Block);
    }

    private void AddExits(int start, int end, Exits exits)
    {
        var depth = 0;
        for (var i = start; i < end; i++)
        {
            _budget.Spend();
            ref readonly var instruction = ref _code[i];
            if (instruction.Opcode == Opcode.Return)
                exits.Returns = true;
            if (instruction.Info.IsBranch)
                AddExit(instruction.Index - depth, exits);
            foreach (var label in instruction.Opcode == Opcode.BrTable ? instruction.Labels! : [])
                AddExit(label - depth, exits);
            depth += instruction.Info.DepthChange;
        }
    }

    private void AddExit(int label, Exits exits)
    {
        if (label == _levels.Count - 1)
            exits.Returns = true;
        else if (label >= 0)
            exits.Labels.Add(label);
    }

    /// <param name="Start">Where the block begins; -1 for the function.</param>
    /// <param name="HasPieces">Whether pieces are looked for. They are not in the body of a try: its handlers would not see what a piece has changed when it throws.</param>
    private readonly record struct Level(int Start, bool HasPieces);

    /// <summary>How control leaves statements but by their end.</summary>
    private sealed class Exits
    {
        /// <summary>The labels around.</summary>
        public SortedSet<int> Labels { get; } = [];

        public bool Returns { get; set; }
    }
}
