using Fermata.Binary;

namespace Fermata.Validation;

/// <content>Parametric and variable instructions (sections 3.4.1 "Parametric Instructions" and 3.4.3 "Variable Instructions").</content>
internal sealed partial class CodeValidator
{
    /// <summary>Without annotation both operands are of one number or vector type.</summary>
    private void CheckSelect()
    {
        Pop(ValType.I32);
        var second = PopNumber();
        var first = PopNumber();
        if (first != second && first.Kind != ValKind.Bottom && second.Kind != ValKind.Bottom)
            throw Mismatch("two operands of one type", Describe([first, second]));
        Push(first.Kind == ValKind.Bottom ? second : first);
    }

    private ValType PopNumber()
    {
        var type = PopAny();
        if (type.IsRef)
            throw Mismatch("numeric or vector type", $"[{Describe(type)}]");
        return type;
    }

    private void CheckSelectTyped()
    {
        if (_instruction.Types is not [var annotation])
            throw Invalid($"invalid result arity: {_instruction.Types!.Length} types, and select takes one");
        var type = ResolveType(annotation, _instruction.Offset);
        Pop(ValType.I32);
        Pop(type);
        Pop(type);
        Push(type);
    }

    private void CheckLocalGet()
    {
        var index = _instruction.Index;
        var type = LocalAt(index);
        if (!IsInitialized(index, type))
            throw Invalid($"uninitialized local {NamedLocal(index)}");
        Push(type);
    }

    private void CheckLocalSet(bool isTee)
    {
        var index = _instruction.Index;
        var type = LocalAt(index);
        Pop(type);
        MarkInitialized(index, type);
        if (isTee)
            Push(type);
    }

    private void CheckGlobalGet() => Push(GlobalAt(_instruction.Index).Type);

    private void CheckGlobalSet()
    {
        var global = GlobalAt(_instruction.Index);
        if (!global.IsMutable)
            throw Invalid($"immutable global {Named(NameSubsection.Global, _instruction.Index)}");
        Pop(global.Type);
    }

    private GlobalType GlobalAt(int index) => index < _visibleGlobals ? types.GlobalTypes[index] : throw Invalid($"unknown global {index}");
}
