using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Finds out which locals the pieces of a function take and give back.</summary>
/// <remarks>Pieces are made of what is left of a function, which is all of it at first, and then of what calls pieces that were made before.</remarks>
internal sealed class PiecePlan
{
    /// <summary>A piece may take and give back so many values, and more for each so many instructions: beyond that it would move values most of the time.</summary>
    private const int FreeValues = 16;
    private const int InstructionsPerValue = 8;

    private readonly ModuleCompiler _module;
    private readonly int _function;
    private readonly InstructionList _code;

    /// <summary>The indices of the locals that the code names: the list has new ones for them.</summary>
    private readonly List<int> _locals;
    private readonly ValType[] _types;

    /// <summary>How often the code names each local.</summary>
    private int[]? _uses;

    /// <summary>The call of a piece, while its instructions are counted.</summary>
    private readonly InstructionList _call = new();

    /// <summary>The locals in which pieces hand on values, and how many the function has.</summary>
    private readonly List<ValType> _added = [];
    private readonly int _localCount;
    private readonly int _firstNumber;
    private readonly int _most;

    /// <param name="module">The compiler of the module.</param>
    /// <param name="function">The index of the function.</param>
    /// <param name="firstNumber">The number of the first piece.</param>
    /// <param name="most">The most pieces.</param>
    /// <param name="code">The code of the function.</param>
    public PiecePlan(ModuleCompiler module, int function, int firstNumber, int most, InstructionList code)
    {
        _module = module;
        _function = function;
        _firstNumber = firstNumber;
        _most = most;
        RestCount = code.Count;
        _code = code;
        _locals = code.NumberLocals();
        var types = new LocalTypes(module, function, _added);
        _localCount = LocalTypes.CountOf(module, function);
        _types = [.. _locals.Select(types.Of)];
    }

    /// <summary>All pieces, by their numbers.</summary>
    public List<Piece> Pieces { get; } = [];

    /// <summary>Those that what is left of the function calls, in the order of the code.</summary>
    public IReadOnlyList<CalledPiece> Called { get; private set; } = [];

    /// <summary>How many instructions are left, with those that call pieces.</summary>
    public int RestCount { get; private set; }

    /// <summary>Makes pieces of the ranges, but of those that would move too many values, or if it would take too long to find that out.</summary>
    /// <param name="ranges">The ranges, in the order of the code.</param>
    public void Add(List<PieceRange> ranges)
    {
        var places = new SortedSet<int>(ranges.SelectMany(range => TargetsOf(range).Append(range.Start).Append(range.End)));
        if (ranges.Count == 0 || !FunctionLimits.AllowsPieces(Pieces.Count + ranges.Count, places.Count + _module.Suspension.Count(_function).Joins, _locals.Count))
            return;
        var live = Liveness.Before(_code, [.. places], _locals.Count, _module.Budget);
        var made = new List<CalledPiece>();
        var old = 0;
        foreach (var range in ranges)
        {
            if (Pieces.Count == _most)
                break;
            for (; old < Called.Count && Called[old].Range.Start < range.Start; old++)
                made.Add(Called[old]);
            var inside = Called.Skip(old).TakeWhile(called => called.Range.End <= range.End).ToArray();
            if (PlanPiece(range, live, [.. inside.Select(static called => called.Piece)]) is not { } piece)
                continue;
            Pieces.Add(piece);
            made.Add(new CalledPiece(range, piece, CountCall(piece)));
            old += inside.Length;
        }

        Called = [.. made, .. Called.Skip(old)];
        RestCount = _code.Count + Called.Sum(static called => called.Count - (called.Range.End - called.Range.Start));
    }

    private int CountCall(Piece piece)
    {
        _call.Clear();
        piece.AddCall(_module, _call);
        return _call.Count;
    }

    private Piece? PlanPiece(PieceRange range, Dictionary<int, BitSet> live, Piece[] inside)
    {
        var named = new BitSet(_locals.Count);
        var changed = new BitSet(_locals.Count);
        for (var i = range.Start; i < range.End; i++)
        {
            ref readonly var instruction = ref _code[i];
            if (instruction.Info.Immediate != Immediate.Local)
                continue;
            named.Add(instruction.Index);
            if (instruction.Opcode != Opcode.LocalGet)
                changed.Add(instruction.Index);
        }

        var liveAfter = new BitSet(_locals.Count);
        foreach (var target in TargetsOf(range))
            liveAfter.UnionWith(live[target]);
        named.IntersectWith(live[range.Start]);
        changed.IntersectWith(liveAfter);
        var (parameters, results) = (new List<int>(), new List<int>());
        named.AddTo(parameters);
        changed.AddTo(results);
        var handedOn = 1 + results.Count + range.Labels.Sum(label => _module.Types.BlockResults(label.Block).Length)
            + (range.Returns ? _module.Types.FunctionSignature(_function).ResultArray.Length : 0);
        if (handedOn > ModuleCode.MostPieceResults || parameters.Count + handedOn > FreeValues + ((range.End - range.Start) / InstructionsPerValue))
            return null;
        return Create(range, parameters, results, inside);
    }

    /// <summary>Where the function may go on after the piece.</summary>
    private static IEnumerable<int> TargetsOf(PieceRange range)
    {
        var targets = range.Labels.Select(label => label.Target);
        return range.FallsThrough ? targets.Append(range.End) : targets;
    }

    private Piece Create(PieceRange range, List<int> parameters, List<int> results, Piece[] inside)
    {
        var taken = new List<ValType>();
        List<PieceExit> branches = [.. range.Labels.Select(label => new PieceExit(label.Depth, label.Block, Take(_module.Types.BlockResults(label.Block), taken)))];
        if (range.Returns)
            branches.Add(new PieceExit(PieceExit.Return, BlockType.Empty, Take(_module.Types.FunctionSignature(_function).ResultArray, taken)));
        var hasExit = branches.Count + (range.FallsThrough ? 1 : 0) > 1;
        var packed = hasExit ? FindPacked(results) : -1;
        results.Remove(packed);
        ValType[] exit = packed >= 0 ? [ValType.I64] : hasExit ? [ValType.I32] : [];
        var type = new FuncType([.. parameters.Select(local => _types[local])], [.. exit, .. results.Select(local => _types[local]), .. taken]);
        var (start, end) = (_code[range.Start].Offset, _code[range.End].Offset);
        return new Piece(_firstNumber + Pieces.Count, _function, type, _added)
        {
            Code = new ByteRange(start, end - start),
            Inside = inside,
            Parameters = [.. parameters.Select(local => _locals[local])],
            Results = [.. results.Select(local => _locals[local])],
            Packed = packed >= 0 ? new PackedResult(_locals[packed], Take(exit, taken)[0]) : null,
            FallsThrough = range.FallsThrough,
            Branches = [.. branches],
        };
    }

    /// <summary>The result of 32 bits that the function uses most: in interpreters where the next instruction is, or the top of the stack. -1 for none.</summary>
    private int FindPacked(List<int> results)
    {
        _uses ??= CountUses();
        return results.Where(local => _types[local] == ValType.I32).DefaultIfEmpty(-1).MaxBy(local => local < 0 ? 0 : _uses[local]);
    }

    private int[] CountUses()
    {
        var uses = new int[_locals.Count];
        for (var i = 0; i < _code.Count; i++)
        {
            if (_code[i].Info.Immediate == Immediate.Local)
                uses[_code[i].Index]++;
        }

        return uses;
    }

    /// <summary>Locals for values, each of which no other value of the piece has.</summary>
    private int[] Take(ValType[] types, List<ValType> taken)
    {
        var locals = new int[types.Length];
        foreach (var (i, type) in types.Index())
        {
            locals[i] = FindAdded(type, taken.Count(other => other == type));
            taken.Add(type);
        }

        return locals;
    }

    private int FindAdded(ValType type, int rank)
    {
        for (var i = 0; i < _added.Count; i++)
        {
            if (_added[i] == type && rank-- == 0)
                return _localCount + i;
        }

        _added.Add(type);
        return _localCount + _added.Count - 1;
    }
}
