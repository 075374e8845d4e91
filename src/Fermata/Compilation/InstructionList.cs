using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The decoded instructions of one function, with those of the functions that are inlined in it (<see cref="Inliner"/>). Reused from function to function.</summary>
internal sealed class InstructionList
{
    private readonly Stack<int> _open = new();
    private Instruction[] _items = new Instruction[256];
    private Place[] _places = new Place[256];

    /// <summary>For each local, one more than its new index; all zero but while locals are numbered.</summary>
    private int[] _numbers = [];

    public InstructionList() => Clear();

    public int Count { get; private set; }

    public ref readonly Instruction this[int index] => ref _items[index];

    /// <summary>For an <c>end</c>, the index of the instruction that opened its block; -1 for the end of the function.</summary>
    public int BlockStart(int end) => _places[end].Partner;

    /// <summary>For an instruction that opens a block, the index of the block's <c>end</c>.</summary>
    public int BlockEnd(int start) => _places[start].Partner;

    /// <summary>The number of the activation that an instruction belongs to (<see cref="Inlining.Calls"/>); 0 for that of the function itself.</summary>
    public int Activation(int index) => _places[index].Activation;

    /// <summary>Whether an instruction is there in place of a call, whose callee is inlined.</summary>
    public bool StandsForCall(int index) => _places[index].StandsForCall;

    /// <summary>How many instructions behind the call of a piece take its results into locals; 0 if it is no such call.</summary>
    public int CountResultSets(int index)
    {
        var count = 0;
        if (_items[index] is { IsAdded: true, Opcode: Opcode.Call })
        {
            while (_items[index + count + 1] is { IsAdded: true, Opcode: Opcode.LocalSet })
                count++;
        }

        return count;
    }

    /// <summary>Makes the list empty.</summary>
    public void Clear()
    {
        Count = 0;
        _open.Clear();
        _open.Push(-1);
    }

    /// <summary>Adds the instructions of a module that lie in a range.</summary>
    public void Read(ReadOnlySpan<byte> module, ByteRange code, LoadBudget budget)
    {
        var reader = new InstructionReader(module, code);
        while (reader.HasMore)
        {
            budget.Spend();

            // An instruction takes a byte at least.
            ref var item = ref Next(code.End - reader.Offset);
            reader.Read(ref item);
            item.IsAdded = false;
            Append();
        }
    }

    /// <summary>Adds the instructions of a module that lie in a range, with calls of pieces in place of theirs.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="range">The range.</param>
    /// <param name="pieces">The pieces, in the order of the code.</param>
    public void Read(ModuleCompiler module, ByteRange range, IEnumerable<Piece> pieces)
    {
        var start = range.Offset;
        foreach (var piece in pieces)
        {
            Read(module.Definition.Bytes.Span, new ByteRange(start, piece.Code.Offset - start), module.Budget);
            piece.AddCall(module, this);
            start = piece.Code.End;
        }

        Read(module.Definition.Bytes.Span, new ByteRange(start, range.End - start), module.Budget);
    }

    /// <summary>Adds an instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="activation">The number of the activation that it belongs to.</param>
    /// <param name="standsForCall">Whether it is there in place of a call.</param>
    public void Add(in Instruction instruction, int activation = 0, bool standsForCall = false)
    {
        Next(Count + 1) = instruction;
        Append(activation, standsForCall);
    }

    /// <summary>The place for the next instruction.</summary>
    /// <param name="rest">How many there are still, at most.</param>
    private ref Instruction Next(int rest)
    {
        if (Count == _items.Length)
        {
            var size = (int)Math.Min(Count * 2L, (long)Count + rest);
            Array.Resize(ref _items, size);
            Array.Resize(ref _places, size);
        }

        return ref _items[Count];
    }

    private void Append(int activation = 0, bool standsForCall = false)
    {
        _places[Count] = new Place(-1, activation, standsForCall);
        var change = _items[Count].Info.DepthChange;
        if (change > 0)
            _open.Push(Count);
        else if (change < 0)
            Close(_open.Pop());
        Count++;
    }

    /// <summary>Gives the parameters and locals that the code names new indices without gaps: three bytes declare 50,000 that it does not name.</summary>
    /// <returns>Their old indices, ascending.</returns>
    public List<int> NumberLocals()
    {
        var named = new List<int>();
        for (var i = 0; i < Count; i++)
        {
            if (_items[i].Info.Immediate != Immediate.Local)
                continue;
            var local = _items[i].Index;
            if (local >= _numbers.Length)
                Array.Resize(ref _numbers, Math.Max(local + 1, _numbers.Length * 2));
            if (_numbers[local] == 0)
                named.Add(local);
            _numbers[local] = 1;
        }

        named.Sort();
        for (var i = 0; i < named.Count; i++)
            _numbers[named[i]] = i + 1;
        for (var i = 0; i < Count; i++)
        {
            if (_items[i].Info.Immediate == Immediate.Local)
                _items[i].Index = _numbers[_items[i].Index] - 1;
        }

        foreach (var local in named)
            _numbers[local] = 0;
        return named;
    }

    private void Close(int start)
    {
        _places[Count].Partner = start;
        if (start >= 0)
            _places[start].Partner = Count;
    }

    private record struct Place(int Partner, int Activation, bool StandsForCall);
}
