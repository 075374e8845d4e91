using Fermata.Structure;

namespace Fermata.Validation;

/// <content>The operand stack and the stack of open blocks.</content>
internal sealed partial class CodeValidator
{
    private ValType[] _operands = new ValType[64];
    private int _height;

    /// <summary>The most that <see cref="_height"/> has been.</summary>
    private int _highest;

    /// <summary>How many values calls, blocks and branches have moved in lists of several.</summary>
    private int _listedValues;

    private ControlFrame[] _frames = new ControlFrame[16];
    private int _frameCount;

    /// <summary>Whether no operand is left in code that cannot be reached, so that any can be taken.</summary>
    private bool FitsAnything => Innermost.IsUnreachable && _height == Innermost.Height;

    private ref ControlFrame Innermost => ref _frames[_frameCount - 1];

    private void Push(ValType type)
    {
        if (_height == _operands.Length)
            GrowOperands(1);
        _operands[_height++] = type;
        _highest = Math.Max(_highest, _height);
    }

    private void Push(ReadOnlySpan<ValType> pushed)
    {
        if (pushed.Length > _operands.Length - _height)
            GrowOperands(pushed.Length);
        pushed.CopyTo(_operands.AsSpan(_height));
        _height += pushed.Length;
        _highest = Math.Max(_highest, _height);
        CountMoved(pushed.Length);
    }

    /// <summary>Counts the values of a list that is moved; single ones are in proportion to the code.</summary>
    private void CountMoved(long count)
    {
        if (count > 1)
            _listedValues = (int)Math.Min(_listedValues + count, int.MaxValue);
    }

    /// <summary>Takes operands of these types, the last one from the top.</summary>
    private void Pop(ReadOnlySpan<ValType> expected) => _height -= Require(expected);

    private void Pop(ValType expected)
    {
        var actual = Peek();
        if (actual != expected && !_registry.IsSubtype(actual, expected))
            throw Mismatch([expected]);
        DropTop();
    }

    /// <summary>Takes an operand of any type.</summary>
    private ValType PopAny()
    {
        var type = Peek();
        DropTop();
        return type;
    }

    /// <summary>Takes a reference of any type; where anything fits, one that is below all references.</summary>
    private ValType PopRef()
    {
        var type = Peek();
        if (type.Kind == ValKind.Bottom)
            type = ValType.Ref(false, HeapType.Bottom);
        else if (!type.IsRef)
            throw Mismatch("a reference", $"[{Describe(type)}]");
        DropTop();
        return type;
    }

    /// <summary>The type of the topmost operand, which stays.</summary>
    private ValType Peek()
    {
        ref var frame = ref Innermost;
        if (_height > frame.Height)
            return _operands[_height - 1];
        return frame.IsUnreachable ? ValType.Bottom : throw Mismatch("[any]", "[]");
    }

    private void DropTop()
    {
        if (_height > Innermost.Height)
            _height--;
    }

    /// <summary>Checks that the topmost operands have these types, and tells how many of them are on the stack.</summary>
    private int Require(ReadOnlySpan<ValType> expected)
    {
        ref var frame = ref Innermost;
        var count = Math.Min(_height - frame.Height, expected.Length);
        if (count < expected.Length && !frame.IsUnreachable)
            throw Mismatch(expected);
        var actual = _operands.AsSpan(_height - count, count);
        var wanted = expected[^count..];
        return _registry.IsSubtype(actual, wanted) ? count : throw Mismatch(expected);
    }

    /// <summary>Makes the rest of the block unreachable.</summary>
    private void SetUnreachable()
    {
        ref var frame = ref Innermost;
        frame.IsUnreachable = true;
        _height = frame.Height;
    }

    /// <summary>Opens a block whose parameters were taken.</summary>
    private void PushFrame(Opcode opcode, ValType[] parameters, ValType[] results)
    {
        if (_frameCount == _frames.Length)
            Array.Resize(ref _frames, _frames.Length * 2);
        ref var frame = ref _frames[_frameCount++];
        frame.Opcode = opcode;
        frame.IsUnreachable = false;
        frame.Height = _height;
        frame.InitializedCount = _initializedOrder.Count;
        frame.Parameters = parameters;
        frame.Results = results;
        Push(parameters);
    }

    /// <summary>Checks that the innermost block ends with its results and nothing else, and takes them.</summary>
    private void TakeBlockResults()
    {
        ref var frame = ref Innermost;
        if (_height - frame.Height > frame.Results.Length)
            throw BlockMismatch();
        ReadOnlySpan<ValType> expected = frame.Results;
        var count = _height - frame.Height;
        if ((count < expected.Length && !frame.IsUnreachable) || !_registry.IsSubtype(_operands.AsSpan(frame.Height, count), expected[^count..]))
            throw frame.Opcode is Opcode.Try or Opcode.Catch or Opcode.CatchAll ? Mismatch(expected) : BlockMismatch();
        _height = frame.Height;
        ForgetLocals(frame.InitializedCount);
    }

    private void GrowOperands(int count)
    {
        var wanted = _height + count;
        if (wanted > ImplementationLimits.Operands)
            throw Invalid($"too many operands on the stack; the limit is {ImplementationLimits.Operands}");
        Array.Resize(ref _operands, Math.Min(Math.Max(_operands.Length * 2, wanted), ImplementationLimits.Operands));
    }

    private InvalidModuleException Mismatch(ReadOnlySpan<ValType> expected) => Mismatch(Describe(expected), DescribeTop(expected.Length));

    private InvalidModuleException Mismatch(string required, string found) =>
        Invalid($"type mismatch: instruction requires {required} but stack has {found} at {_instruction.Info.Name}");

    private InvalidModuleException BlockMismatch()
    {
        var results = Innermost.Results;
        return Invalid($"type mismatch: block requires {Describe(results)} but stack has {DescribeTop(results.Length + 4)}");
    }

    /// <summary>The topmost operands of the block, at most so many.</summary>
    private string DescribeTop(int limit)
    {
        var count = Math.Min(_height - Innermost.Height, limit);
        return Describe(_operands.AsSpan(_height - count, count));
    }

    private string Describe(ReadOnlySpan<ValType> list)
    {
        const int Shown = 16;
        var names = new List<string>();
        foreach (var type in list[..Math.Min(Shown, list.Length)])
            names.Add(Describe(type));
        if (list.Length > Shown)
            names.Add("...");
        return $"[{string.Join(' ', names)}]";
    }

    /// <summary>The type in the words of the module: identities are type indices again.</summary>
    private string Describe(ValType type)
    {
        if (!type.IsRef || !type.Heap.IsDefined)
            return type.ToString();
        var index = Array.FindIndex(types.Types, defined => defined.Id == type.Heap.Number);
        return $"(ref {(type.IsNullable ? "null " : "")}{NamedType(index)})";
    }
}
