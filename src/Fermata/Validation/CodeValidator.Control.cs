using Fermata.Structure;

namespace Fermata.Validation;

/// <content>Control instructions (section 3.4.2 "Control Instructions").</content>
internal sealed partial class CodeValidator
{
    private void CheckBlock(Opcode opcode)
    {
        CheckBlockType(_instruction.Block);
        if (opcode == Opcode.If)
            Pop(ValType.I32);
        var parameters = types.BlockParameters(_instruction.Block);
        Pop(parameters);
        PushFrame(opcode, parameters, types.BlockResults(_instruction.Block));
    }

    private void CheckBlockType(BlockType type)
    {
        if (type.Kind == BlockTypeKind.Type)
            FuncTypeAt(type.TypeIndex);
        else if (type.Kind == BlockTypeKind.Result)
            CheckType(type.Result);
    }

    private void CheckElse()
    {
        TakeBlockResults();
        ref var frame = ref Innermost;
        frame.Opcode = Opcode.Else;
        frame.IsUnreachable = false;
        Push(frame.Parameters);
    }

    /// <summary><c>end</c>; an <c>if</c> without <c>else</c> leaves its parameters as its results.</summary>
    private void CheckEnd()
    {
        TakeBlockResults();
        ref var frame = ref Innermost;
        if (frame.Opcode == Opcode.If && !_registry.IsSubtype(frame.Parameters, frame.Results))
        {
            throw Invalid(
                $"type mismatch: without else, block requires {Describe(frame.Results)} but stack has {Describe(frame.Parameters)}");
        }

        _frameCount--;
        if (_frameCount > 0)
            Push(frame.Results);
    }

    private ValType[] LabelTypes(int label)
    {
        if (label >= _frameCount)
            throw Invalid($"unknown label {label}");
        return _frames[_frameCount - 1 - label].LabelTypes;
    }

    private void CheckBr()
    {
        var labelTypes = LabelTypes(_instruction.Index);
        Pop(labelTypes);
        CountMoved(labelTypes.Length);
        SetUnreachable();
    }

    private void CheckBrIf()
    {
        var labelTypes = LabelTypes(_instruction.Index);
        Pop(ValType.I32);
        Pop(labelTypes);
        Push(labelTypes);
    }

    /// <summary><c>br_table</c>: each label takes as many operands as the default, which is the last, and the operands fit them all.</summary>
    private void CheckBrTable()
    {
        Pop(ValType.I32);
        var labels = _instruction.Labels!;
        var arity = LabelTypes(labels[^1]).Length;
        ValType[]? last = null;
        foreach (var label in labels)
        {
            // Most neighbours in a table have the same types, nearly always none.
            var labelTypes = LabelTypes(label);
            if (labelTypes == last)
                continue;
            last = labelTypes;
            if (labelTypes.Length != arity)
                throw Invalid($"type mismatch: label {label} takes {labelTypes.Length} operands and the default label {arity}");
            Require(labelTypes);
        }

        if (arity > 1)
            CountMoved((long)arity * labels.Distinct().Count());
        SetUnreachable();
    }

    private void CheckReturn()
    {
        Pop(_frames[0].Results);
        CountMoved(_frames[0].Results.Length);
        SetUnreachable();
    }

    private void CheckCall()
    {
        var type = types.FunctionSignature(FunctionIndex());
        Pop(type.ParameterArray);
        Push(type.ResultArray);
    }

    private void CheckReturnCall() => TailCall(types.FunctionSignature(FunctionIndex()));

    /// <summary><c>call_indirect</c> and <c>return_call_indirect</c>: the index is of the address type of the table.</summary>
    private void CheckCallIndirect(bool isTail)
    {
        var table = TableAt(_instruction.Index2);
        var type = FuncTypeAt(_instruction.Index);
        if (!_registry.IsSubtype(table.Element, ValType.FuncRef))
            throw Invalid($"type mismatch: instruction requires table of functions but table has element type {Describe(table.Element)}");
        Pop(table.AddressType);
        CallOrTailCall(type, isTail);
    }

    private void CheckCallRef(bool isTail)
    {
        var type = FuncTypeAt(_instruction.Index);
        Pop(ValType.Ref(true, HeapType.Defined(types.Types[_instruction.Index].Id)));
        CallOrTailCall(type, isTail);
    }

    private void CallOrTailCall(FuncType type, bool isTail)
    {
        if (isTail)
        {
            TailCall(type);
            return;
        }

        Pop(type.ParameterArray);
        Push(type.ResultArray);
    }

    /// <summary>What a tail call returns must be what the function around it returns.</summary>
    private void TailCall(FuncType type)
    {
        var results = _frames[0].Results;
        if (!_registry.IsSubtype(type.ResultArray, results))
        {
            throw Invalid($"type mismatch: current function requires result type {Describe(results)} "
                + $"but callee returns {Describe(type.ResultArray)}");
        }

        Pop(type.ParameterArray);
        CountMoved(type.ParameterArray.Length);
        SetUnreachable();
    }

    private int FunctionIndex()
    {
        var index = _instruction.Index;
        return index < types.FunctionTypes.Length ? index : throw Invalid($"unknown function {index}");
    }

    private CompositeType CompositeAt(int typeIndex) =>
        typeIndex < types.Types.Length ? types.Types[typeIndex].Composite : throw Invalid($"unknown type {typeIndex}");

    private FuncType FuncTypeAt(int typeIndex) => CompositeAt(typeIndex) as FuncType ?? throw Invalid($"non-function type {NamedType(typeIndex)}");

    private void CheckType(ValType type) => ResolveType(type, _instruction.Offset);

    private ValType ResolveType(ValType type, int offset)
    {
        if (!type.IsRef || !type.Heap.IsDefined)
            return type;
        if (type.Heap.Number >= types.Types.Length)
            throw Invalid($"unknown type {type.Heap.Number}", offset);
        return types.Resolve(type);
    }
}
