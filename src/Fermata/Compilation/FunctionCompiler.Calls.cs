using System.Reflection.Emit;
using Fermata.Execution;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Calls: direct, to imports, indirect, by reference; each also as a tail call.</summary>
internal sealed partial class FunctionCompiler
{
    private LocalBuilder? _callee;
    private LocalBuilder? _table;
    private LocalBuilder? _elements;
    private LocalBuilder? _index32;
    private LocalBuilder? _index64;

    private LocalBuilder Callee => _callee ??= DeclareLocal(typeof(Function));

    private void EmitCall(in Instruction instruction)
    {
        var index = instruction.Index;
        var type = _module.Types.FunctionTypes[index].Func!;
        var arguments = Pop(type.ParameterArray.Length);
        if (_module.Methods[index] is null)
        {
            EmitInstance();
            _module.Class.EmitLoad(_il, ExternKind.Func, index);
            _il.Emit(OpCodes.Stloc, Callee);
        }

        EmitInvocation(instruction, type, _module.Methods[index], arguments);
    }

    /// <summary>Section 4.6.10, call_indirect: first the bounds, then null, then the type.</summary>
    private void EmitCallIndirect(in Instruction instruction)
    {
        var type = _module.Types.Types[instruction.Index];
        var index = Pop();
        var arguments = Pop(type.Func!.ParameterArray.Length);
        EmitTableElement(instruction.Index2, index);
        EmitTypeCheck(type);
        EmitInvocation(instruction, type.Func!, null, arguments);
    }

    private void EmitTableElement(int table, Operand index)
    {
        var indexLocal = IndexLocal(index.Type);
        var tableLocal = _table ??= DeclareLocal(typeof(Table));
        Emit(index);
        _il.Emit(OpCodes.Stloc, indexLocal);
        EmitInstance();
        _module.Class.EmitLoad(_il, ExternKind.Table, table);
        _il.Emit(OpCodes.Stloc, tableLocal);
        _elements ??= DeclareLocal(typeof(object[]));
        _il.Emit(OpCodes.Ldloc, tableLocal);
        _il.Emit(OpCodes.Ldfld, ContextMembers.TableElements);
        _il.Emit(OpCodes.Stloc, _elements);

        // Elements beyond the size are null, so one comparison serves both the bounds and the array's own check.
        var isNull = NullElementPath(index.Type);
        _il.Emit(OpCodes.Ldloc, indexLocal);
        EmitElements();
        _il.Emit(OpCodes.Ldlen);
        _il.Emit(index.Type == ValType.I64 ? OpCodes.Conv_U8 : OpCodes.Conv_I4);
        _il.Emit(OpCodes.Bge_Un, isNull);
        EmitElements();
        _il.Emit(OpCodes.Ldloc, indexLocal);
        if (index.Type == ValType.I64)
            _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Ldelem_Ref);
        _il.Emit(OpCodes.Stloc, Callee);
        _il.Emit(OpCodes.Ldloc, Callee);
        _il.Emit(OpCodes.Brfalse, isNull);
    }

    private void EmitElements() => _il.Emit(OpCodes.Ldloc, _elements!);

    private LocalBuilder IndexLocal(ValType type) =>
        type == ValType.I64 ? _index64 ??= DeclareLocal(typeof(long)) : _index32 ??= DeclareLocal(typeof(int));

    private void EmitTypeCheck(DefinedType type)
    {
        var matches = _il.DefineLabel();
        var differs = _module.Options.AllowsFunctionPointerCasts ? CastPath(type, matches) : SharedPath(_region.CallTypePaths, type.Id);
        _il.Emit(OpCodes.Ldloc, Callee);
        _il.Emit(OpCodes.Ldfld, ContextMembers.TypeId);
        _il.Emit(OpCodes.Ldc_I4, type.Id);
        if (type.IsFinal)
        {
            _il.Emit(OpCodes.Bne_Un, differs);
        }
        else
        {
            _il.Emit(OpCodes.Beq, matches);
            _il.Emit(OpCodes.Ldloc, Callee);
            EmitTest(type.Id, nullable: false);
            _il.Emit(OpCodes.Brfalse, differs);
        }

        _il.MarkLabel(matches);
    }

    /// <summary>Cold code that puts a function of the type wanted into <see cref="Callee"/>, which calls the one that was there, and goes back.</summary>
    private Label CastPath(DefinedType type, Label matches)
    {
        var differs = _il.DefineLabel();
        _region.ColdCode.Add(() =>
        {
            _il.MarkLabel(differs);
            EmitInstance();
            _il.Emit(OpCodes.Ldc_I4, type.Id);
            _il.Emit(OpCodes.Ldloc, Callee);
            _il.Emit(OpCodes.Call, ContextMembers.CastFunction);
            _il.Emit(OpCodes.Stloc, Callee);
            _il.Emit(OpCodes.Br, matches);
        });
        return differs;
    }

    private void EmitCallRef(in Instruction instruction)
    {
        var type = _module.Types.FuncType(instruction.Index);
        var function = Pop();
        var arguments = Pop(type.ParameterArray.Length);
        Emit(function);
        _il.Emit(OpCodes.Stloc, Callee);
        _il.Emit(OpCodes.Ldloc, Callee);
        _il.Emit(OpCodes.Brfalse, TrapPath(nameof(Trap.NullFunctionReference)));
        EmitInvocation(instruction, type, null, arguments);
    }

    /// <summary>Calls a method, or the function in <see cref="Callee"/>.</summary>
    private void EmitInvocation(Instruction instruction, FuncType type, MethodBuilder? method, Operand[] arguments)
    {
        if (IsTailCall(in instruction) && _region.IsTry)
        {
            EmitTailCallOutside(instruction, type, method, arguments);
            return;
        }

        EmitCallInstruction(in instruction, type, method, () => Emit(arguments));
        if (!IsTailCall(in instruction))
        {
            EmitResults(in instruction, type);
            return;
        }

        EmitTailReturn(type);
        MarkDead();
    }

    private void EmitCallInstruction(in Instruction instruction, FuncType type, MethodBuilder? method, Action emitArguments)
    {
        if (method is not null)
        {
            EmitInstance();
            emitArguments();
            EmitTailPrefix(in instruction);
            _il.Emit(OpCodes.Call, method);
            return;
        }

        _il.Emit(OpCodes.Ldloc, Callee);
        _il.Emit(OpCodes.Ldfld, ContextMembers.Environment);
        emitArguments();
        _il.Emit(OpCodes.Ldloc, Callee);
        _il.Emit(OpCodes.Ldfld, ContextMembers.Code);
        EmitTailPrefix(in instruction);
        _il.EmitCalli(
            OpCodes.Calli, System.Reflection.CallingConventions.Standard, ClrTypes.ResultOf(type), [typeof(object), .. ClrTypes.ParametersOf(type)], null);
    }

    /// <summary>A tail call leaves the try that it stands in before it calls, so the call itself stands with the cold code of the function.</summary>
    private void EmitTailCallOutside(Instruction instruction, FuncType type, MethodBuilder? method, Operand[] arguments)
    {
        var parameters = Pin(type.ParameterArray);
        Emit(arguments);
        StoreAll(parameters);
        var outside = _il.DefineLabel();
        _il.Emit(OpCodes.Leave, outside);
        var function = _region;
        while (function.Parent is { } parent)
            function = parent;
        function.ColdCode.Add(() =>
        {
            _il.MarkLabel(outside);
            EmitCallInstruction(in instruction, type, method, () => Array.ForEach(parameters, parameter => parameter.EmitLoad(_il)));
            EmitTailReturn(type);
        });
        Unpin(parameters);
        MarkDead();
    }

    private static bool IsTailCall(in Instruction instruction) =>
        instruction.Opcode is Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef;

    /// <summary>A tail call leaves no frame. In a resume form it cannot be one: what called that is no WebAssembly code.</summary>
    private void EmitTailPrefix(in Instruction instruction)
    {
        if (IsTailCall(in instruction) && !_isResumeForm)
            _il.Emit(OpCodes.Tailcall);
    }

    /// <summary>All results but the first are where the caller expects them. If the callee suspended, the first one is any value.</summary>
    private void EmitTailReturn(FuncType type)
    {
        if (_isResumeForm && type.ResultArray.Length > 0)
        {
            var result = Pin([type.ResultArray[0]])[0];
            var isUnwinding = _il.DefineLabel();
            result.EmitStore(_il);
            EmitContext();
            _il.Emit(OpCodes.Ldfld, ContextMembers.Unwinding);
            _il.Emit(OpCodes.Brtrue, isUnwinding);
            result.EmitLoad(_il);
            EmitStoreSlot(result.Type, 0);
            _il.MarkLabel(isUnwinding);
            Release(result);
        }

        _il.Emit(OpCodes.Ret);
    }

    private void EmitResults(in Instruction instruction, FuncType type)
    {
        var types = type.ResultArray;
        var results = Pin(types);
        if (results.Length > 0)
            results[0].EmitStore(_il);
        if (_module.Suspension.IsSite(in instruction))
            EmitSite(in instruction, results, types);
        var slots = SlotLayout.Of(types);
        for (var i = 1; i < types.Length; i++)
        {
            EmitLoadSlot(types[i], slots[i]);
            results[i].EmitStore(_il);
        }

        foreach (var result in results)
            PushVariable(result);
        Unpin(results);
    }
}
