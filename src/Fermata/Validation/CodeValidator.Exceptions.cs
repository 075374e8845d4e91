using Fermata.Structure;

namespace Fermata.Validation;

/// <content>Exceptions (section 3.4.2 "Control Instructions").</content>
internal sealed partial class CodeValidator
{
    private static readonly ValType ExnRef = ValType.Ref(true, HeapType.Exn);

    private void CheckThrow()
    {
        Pop(TagAt(_instruction.Index).ParameterArray);
        SetUnreachable();
    }

    private void CheckThrowRef()
    {
        Pop(ExnRef);
        SetUnreachable();
    }

    private void CheckTryTable()
    {
        CheckBlockType(_instruction.Block);

        // Labels of clauses are counted from outside the block, so before it is one.
        foreach (var clause in _instruction.Catches!)
            CheckCatch(clause);
        CheckBlock(Opcode.TryTable);
    }

    /// <summary>A clause brings the values of the tag, and the exception where it asks for it, to a label around the block.</summary>
    private void CheckCatch(CatchClause clause)
    {
        var labelTypes = LabelTypes(clause.Label);
        ReadOnlySpan<ValType> values = clause.Kind.HasTag() ? TagAt(clause.Tag).ParameterArray : [];
        var arity = values.Length + (clause.Kind.HasReference() ? 1 : 0);
        if (labelTypes.Length != arity
            || !_registry.IsSubtype(values, labelTypes.AsSpan(0, values.Length))
            || (clause.Kind.HasReference() && !_registry.IsSubtype(ExnRef.NonNull, labelTypes[^1])))
        {
            throw Invalid($"type mismatch: catch brings {Describe(values)}{(clause.Kind.HasReference() ? " and (ref exn)" : "")} "
                + $"but label {clause.Label} takes {Describe(labelTypes)}");
        }

        CountMoved(arity);
    }

    /// <summary>The older form: a clause that follows the body of its <c>try</c>, or another clause.</summary>
    private void CheckCatch(Opcode opcode, ValType[] values)
    {
        if (Innermost.Opcode is not (Opcode.Try or Opcode.Catch))
            throw Invalid("catch without try");
        TakeBlockResults();
        ref var frame = ref Innermost;
        frame.Opcode = opcode;
        frame.IsUnreachable = false;
        Push(values);
    }

    private void CheckRethrow()
    {
        LabelTypes(_instruction.Index);
        if (_frames[_frameCount - 1 - _instruction.Index].Opcode is not (Opcode.Catch or Opcode.CatchAll))
            throw Invalid("invalid rethrow label");
        SetUnreachable();
    }

    /// <summary>Ends a <c>try</c> and names the one around that gets its exceptions.</summary>
    private void CheckDelegate()
    {
        if (Innermost.Opcode != Opcode.Try)
            throw Invalid("delegate without try");
        if (_instruction.Index >= _frameCount - 1)
            throw Invalid($"unknown label {_instruction.Index}");
        CheckEnd();
    }

    private FuncType TagAt(int index) =>
        index < types.TagTypes.Length ? (FuncType)types.TagTypes[index].Composite : throw Invalid($"unknown tag {index}");
}
