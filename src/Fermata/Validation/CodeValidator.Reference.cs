using Fermata.Binary;

namespace Fermata.Validation;

/// <content>
/// References and casts (section 3.4.6 "Reference Instructions"), and the branches on them (section 3.4.2 "Control Instructions").
/// </content>
internal sealed partial class CodeValidator
{
    private static readonly ValType EqRef = ValType.Ref(true, HeapType.Eq);
    private static readonly ValType I31Ref = ValType.Ref(true, HeapType.I31);

    private void CheckRefNull() => Push(ResolveType(ValType.Ref(true, _instruction.Heap), _instruction.Offset));

    private void CheckRefIsNull()
    {
        PopRef();
        Push(ValType.I32);
    }

    /// <summary>A constant expression declares the functions that it names; a body may name declared ones only.</summary>
    private void CheckRefFunc()
    {
        var index = FunctionIndex();
        if (_isConstant)
            declared[index] = true;
        else if (!declared[index])
            throw Invalid($"undeclared function reference {Named(NameSubsection.Function, index)}");
        Push(ValType.Ref(false, HeapType.Defined(types.FunctionTypes[index].Id)));
    }

    private void CheckRefEq()
    {
        Pop(EqRef);
        Pop(EqRef);
        Push(ValType.I32);
    }

    private void CheckRefAsNonNull() => Push(PopRef().NonNull);

    private void CheckRefTest()
    {
        var target = ResolveType(_instruction.Type1, _instruction.Offset);
        Pop(ValType.Ref(true, _registry.Top(target.Heap)));
        Push(ValType.I32);
    }

    private void CheckRefCast()
    {
        var target = ResolveType(_instruction.Type1, _instruction.Offset);
        Pop(ValType.Ref(true, _registry.Top(target.Heap)));
        Push(target);
    }

    private void CheckBrOnNull()
    {
        var labelTypes = LabelTypes(_instruction.Index);
        var reference = PopRef();
        Pop(labelTypes);
        Push(labelTypes);
        Push(reference.NonNull);
    }

    private void CheckBrOnNonNull()
    {
        var labelTypes = LabelTypes(_instruction.Index);
        var reference = PopRef().NonNull;
        RequireLastLabelType(labelTypes, reference);
        var others = labelTypes.AsSpan(..^1);
        Pop(others);
        Push(others);
    }

    /// <summary>A successful cast gives the target type, a failed one what remains of the source type without the target.</summary>
    private void CheckBrOnCast(bool branchesOnFailure)
    {
        var labelTypes = LabelTypes(_instruction.Index);
        var source = ResolveType(_instruction.Type1, _instruction.Offset);
        var target = ResolveType(_instruction.Type2, _instruction.Offset);
        if (!_registry.IsSubtype(target, source))
            throw Invalid($"type mismatch on cast: type {Describe(target)} does not match {Describe(source)}");

        var failed = target.IsNullable ? source.NonNull : source;
        RequireLastLabelType(labelTypes, branchesOnFailure ? failed : target);
        Pop(source);
        var others = labelTypes.AsSpan(..^1);
        Pop(others);
        Push(others);
        Push(branchesOnFailure ? target : failed);
    }

    private void RequireLastLabelType(ValType[] labelTypes, ValType brought)
    {
        if (labelTypes.Length == 0 || !_registry.IsSubtype(brought, labelTypes[^1]))
            throw Invalid($"type mismatch: instruction requires type {Describe(brought)} but label has {Describe(labelTypes)}");
    }

    /// <summary>Conversion between the internal and the external hierarchy keeps whether null is possible.</summary>
    private void CheckConversion(HeapType from, HeapType to)
    {
        var isNullable = Peek().IsNullable;
        Pop(ValType.Ref(true, from));
        Push(ValType.Ref(isNullable, to));
    }

    private void CheckRefI31()
    {
        Pop(ValType.I32);
        Push(I31Ref.NonNull);
    }

    private void CheckI31Get()
    {
        Pop(I31Ref);
        Push(ValType.I32);
    }
}
