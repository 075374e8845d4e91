using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Tests of references against types, and casts (section 4.6.9 "Reference Instructions") and the branches on casts.</summary>
/// <remarks>Whatever the static type says is used: where only null can be of another type, only null is tested.</remarks>
internal sealed partial class FunctionCompiler
{
    private void EmitRefTest(ValType target)
    {
        var (reference, source) = PopToVariable();
        var result = _variables.Take(ValType.I32);
        var failed = _il.DefineLabel();
        var end = _il.DefineLabel();
        EmitBranchUnless(reference, source, target, failed);
        _il.Emit(OpCodes.Ldc_I4_1);
        result.EmitStore(_il);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(failed);
        _il.Emit(OpCodes.Ldc_I4_0);
        result.EmitStore(_il);
        _il.MarkLabel(end);
        _variables.Release(reference);
        PushAgain(result, ValType.I32);
    }

    private void EmitRefCast(ValType target)
    {
        var (reference, source) = PopToVariable();
        EmitBranchUnless(reference, source, target, SharedPath(_cold.CastPaths, target));
        PushAgain(reference, _module.Types.Resolve(target));
    }

    private void EmitBrOnCast(Instruction instruction)
    {
        var source = _module.Types.Resolve(instruction.Type1);
        var target = instruction.Type2;
        var rest = target.IsNullable ? source.NonNull : source;
        var (reference, _) = PopToVariable();
        var isFail = instruction.Opcode == Opcode.BrOnCastFail;
        var failed = _il.DefineLabel();
        var end = _il.DefineLabel();
        _stack.PushVariable(reference);
        _stack.Settle();
        EmitBranchUnless(reference, source, target, failed);
        if (isFail)
            _il.Emit(OpCodes.Br, end);
        else
            EmitTakenBranch(instruction.Index);
        _il.MarkLabel(failed);
        if (isFail)
            EmitTakenBranch(instruction.Index);
        _il.MarkLabel(end);
        _stack.Drop(_stack.Pop());
        PushAgain(reference, isFail ? _module.Types.Resolve(target) : rest);
    }

    /// <summary>Goes on if a reference of a known type is of another type, given as the module names it, and branches if not.</summary>
    private void EmitBranchUnless(Variable reference, ValType source, ValType target, Label failed)
    {
        reference.EmitLoad(_il);
        if (IsNullOnly(target.Heap))
        {
            EmitBranchUnlessNull(target, failed);
            return;
        }

        var end = _il.DefineLabel();
        _il.Emit(OpCodes.Brfalse, target.IsNullable ? end : failed);
        if (!IsCertain(source.Heap, target.Heap))
            EmitBranchUnless(reference, target.Heap, failed);
        _il.MarkLabel(end);
    }

    /// <summary>The reference is on the IL stack.</summary>
    private void EmitBranchUnlessNull(ValType target, Label failed)
    {
        if (target.IsNullable)
        {
            _il.Emit(OpCodes.Brtrue, failed);
            return;
        }

        _il.Emit(OpCodes.Pop);
        _il.Emit(OpCodes.Br, failed);
    }

    private static bool IsNullOnly(HeapType target) =>
        target == HeapType.None || target == HeapType.NoFunc || target == HeapType.NoExtern || target == HeapType.NoExn;

    /// <summary>Whether every reference but null passes: the target is the top of its hierarchy, or above what the static type says.</summary>
    private bool IsCertain(HeapType source, HeapType target)
    {
        target = _module.Types.Resolve(target);
        return _module.Types.Registry.Top(target) == target
            || (source != HeapType.Extern && _module.Types.Registry.IsSubtype(source, target));
    }

    /// <summary>Branches unless a reference that is not null is of a type that is neither top nor bottom.</summary>
    private void EmitBranchUnless(Variable reference, HeapType target, Label failed)
    {
        if (!target.IsDefined)
        {
            EmitBranchUnlessAbstract(reference, target, failed);
            return;
        }

        var type = _module.Types.Types[target.Number];
        if (type.Func is not null)
            EmitBranchUnlessFunction(reference, target.Number, failed);
        else if (type.Composite is ArrayType)
            EmitBranchUnlessArray(reference, type, failed);
        else
            EmitBranchUnlessStruct(reference, type, failed);
    }

    private void EmitBranchUnlessAbstract(Variable reference, HeapType target, Label failed)
    {
        reference.EmitLoad(_il);
        if (target == HeapType.I31)
            _il.Emit(OpCodes.Isinst, typeof(I31));
        else if (target == HeapType.Struct)
            _il.Emit(OpCodes.Isinst, typeof(WasmStruct));
        else
            _il.Emit(OpCodes.Call, target == HeapType.Array ? AggregateMembers.IsArray : AggregateMembers.IsEq);
        _il.Emit(OpCodes.Brfalse, failed);
    }

    private void EmitBranchUnlessStruct(Variable reference, DefinedType type, Label failed)
    {
        var expected = _module.Aggregates.Struct(type).Type;
        EmitBranchUnlessClass(reference, expected, type.IsFinal, failed, () => _il.Emit(OpCodes.Isinst, expected));
    }

    private void EmitBranchUnlessArray(Variable reference, DefinedType type, Label failed)
    {
        var expected = _module.Aggregates.Array(type).Type;
        EmitBranchUnlessClass(reference, expected, type.IsFinal, failed, () =>
        {
            EmitType(expected);
            _il.Emit(OpCodes.Call, AggregateMembers.IsArrayBelow);
        });
    }

    /// <summary>
    /// Asks for the class itself first, which is one comparison and mostly the answer; what is left to ask of a type that is not final is
    /// emitted with the reference on the IL stack.
    /// </summary>
    private void EmitBranchUnlessClass(Variable reference, Type expected, bool isFinal, Label failed, Action emitSubclassTest)
    {
        reference.EmitLoad(_il);
        _il.Emit(OpCodes.Callvirt, AggregateMembers.GetObjectType);
        EmitType(expected);
        if (isFinal)
        {
            _il.Emit(OpCodes.Bne_Un, failed);
            return;
        }

        var matches = _il.DefineLabel();
        _il.Emit(OpCodes.Beq, matches);
        reference.EmitLoad(_il);
        emitSubclassTest();
        _il.Emit(OpCodes.Brfalse, failed);
        _il.MarkLabel(matches);
    }

    /// <summary>Pushes the object that stands for a .NET type.</summary>
    private void EmitType(Type type)
    {
        _il.Emit(OpCodes.Ldtoken, type);
        _il.Emit(OpCodes.Call, AggregateMembers.TypeFromHandle);
    }
}
