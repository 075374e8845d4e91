using System.Reflection.Emit;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>How the method is left, and its cold code.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>That of the activation whose code is being emitted.</summary>
    private ColdCode _cold;
    private Label? _unwind;

    /// <summary>
    /// Returns the values on the IL stack: the run form leaves the first where it is and puts the others into slots, the resume form
    /// puts all into slots.
    /// </summary>
    private void EmitReturnOfStack()
    {
        var results = _type.ResultArray;
        var slots = SlotLayout.Of(results);
        for (var i = results.Length - 1; i >= (_isResumeForm ? 0 : 1); i--)
            EmitStoreSlot(results[i], slots[i]);
        _il.Emit(OpCodes.Ret);
    }

    /// <summary>Returns whatever: nobody looks at results while the flag is set.</summary>
    private void EmitUnwindingReturn() => _il.Emit(OpCodes.Br, _unwind ??= _il.DefineLabel());

    /// <summary>Emits what was put off, and how an activation that unwinds is left. Nothing falls through to here.</summary>
    private void EmitColdCode()
    {
        for (var activation = 0; activation < _coldCodes.Count; activation++)
        {
            if (_coldCodes[activation] is null)
                continue;
            EnterActivation(activation);
            for (var i = 0; i < _cold.Paths.Count; i++)
                _cold.Paths[i]();
        }

        EnterActivation(0);
        EmitSavePaths();
        EmitEndPath();
        for (var activation = _coldCodes.Count - 1; activation >= 0; activation--)
        {
            if (_coldCodes[activation] is null)
                continue;
            EnterActivation(activation);
            EmitTrapPaths();
        }

        _resume?.EmitColdCode();
        if (_unwind is not { } atUnwind)
            return;
        _il.MarkLabel(atUnwind);
        if (!_isResumeForm && _type.ResultArray.Length > 0)
            ClrTypes.EmitDefault(_il, ClrTypes.ResultOf(_type));
        _il.Emit(OpCodes.Ret);
    }

    /// <summary>A trap at the end of the code, shared by all places of this kind.</summary>
    private Label TrapPath(string trap) => SharedPath(_cold.TrapPaths, trap);

    private Label SharedPath<TKey>(Dictionary<TKey, Label> paths, TKey key)
        where TKey : notnull
    {
        if (!paths.TryGetValue(key, out var label))
            paths.Add(key, label = _il.DefineLabel());
        return label;
    }

    /// <summary>The trap for an index at which a table has no function: an undefined or uninitialized element.</summary>
    private Label NullElementPath(ValType indexType, int table) => SharedPath(_cold.NullElementPaths, (indexType, table));

    private void EmitTrapPaths()
    {
        foreach (var (trap, label) in _cold.TrapPaths)
        {
            _il.MarkLabel(label);
            EmitTrap(trap);
        }

        foreach (var ((indexType, table), label) in _cold.NullElementPaths)
        {
            _il.MarkLabel(label);
            EmitTable(table);
            _il.Emit(OpCodes.Ldloc, IndexLocal(indexType));
            _il.Emit(OpCodes.Conv_U8);
            _il.Emit(OpCodes.Call, ContextMembers.TrapUndefinedOrUninitializedElement);
            EmitUnreachable();
        }

        EmitTypeTrapPaths();
    }

    /// <summary>The traps that name a type. They alone have the instance at hand, whose module has the names.</summary>
    private void EmitTypeTrapPaths()
    {
        foreach (var (type, label) in _cold.CallTypePaths)
        {
            _il.MarkLabel(label);
            EmitInstance();
            _il.Emit(OpCodes.Ldc_I4, type);
            Callee.EmitLoad(_il);
            _il.Emit(OpCodes.Call, ContextMembers.TrapCallType);
            EmitUnreachable();
        }

        foreach (var (type, label) in _cold.CastPaths)
        {
            _il.MarkLabel(label);
            EmitInstance();
            _il.Emit(OpCodes.Ldc_I4, type.Heap.Number);
            _il.Emit(type.IsNullable ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
            _il.Emit(OpCodes.Call, ContextMembers.TrapCast);
            EmitUnreachable();
        }
    }

    private void EmitTrap(string trap)
    {
        if (_activation > 0)
            _il.Emit(OpCodes.Ldc_I4, _activation);
        _il.Emit(OpCodes.Call, typeof(Trap).GetMethod(trap, _activation > 0 ? [typeof(int)] : [])!);
        EmitUnreachable();
    }

    /// <summary>Ends a path whose last call does not return, as IL demands.</summary>
    private void EmitUnreachable()
    {
        _il.Emit(OpCodes.Ldnull);
        _il.Emit(OpCodes.Throw);
    }
}
