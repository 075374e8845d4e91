using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Calls: direct, to imports, indirect, by reference.</summary>
internal sealed partial class FunctionCompiler
{
    private Variable? _callee;
    private LocalBuilder? _index32;
    private LocalBuilder? _index64;

    private Variable Callee => _callee ??= new Variable(ValType.FuncRef, _variables.DeclareLocal(typeof(Function)));

    private void EmitCall(in Instruction instruction)
    {
        var index = instruction.Index;
        var type = _module.SignatureOf(index);
        var arguments = _stack.Pop(type.ParameterArray.Length);
        var method = _module.MethodOf(index);
        if (method is null)
        {
            EmitInstance();
            _module.Class.EmitLoad(_il, ExternKind.Func, index);
            Callee.EmitStore(_il);
        }

        EmitInvocation(instruction, type, method, arguments);
    }

    /// <summary>
    /// <c>call_indirect</c> (section 4.6.2 "Control Instructions"). It traps, in this order, at an element that is undefined or
    /// uninitialized, which is one test, and at a function of another type.
    /// </summary>
    private void EmitCallIndirect(in Instruction instruction)
    {
        var type = _module.Types.FuncType(instruction.Index);
        var index = _stack.Pop();
        var arguments = _stack.Pop(type.ParameterArray.Length);
        EmitTableElement(instruction.Index2, index);
        var mayCast = _module.Options.AllowsFunctionPointerCasts;
        var differs = mayCast ? _il.DefineLabel() : SharedPath(_cold.CallTypePaths, instruction.Index);
        EmitBranchUnlessFunction(Callee, instruction.Index, differs);
        EmitInvocation(instruction, type, null, arguments);
        if (mayCast)
            AddCastPath(differs, instruction, type, arguments);
    }

    private void EmitTableElement(int table, Operand index)
    {
        var indexLocal = IndexLocal(index.Type);

        // Not one for all calls: the JIT would keep it in a register that is saved across the calls between.
        var elements = _variables.DeclareLocal(typeof(object[]));
        _stack.Emit(index);
        _il.Emit(OpCodes.Stloc, indexLocal);
        EmitTable(table);
        _il.Emit(OpCodes.Ldfld, ContextMembers.TableElements);
        _il.Emit(OpCodes.Stloc, elements);

        // Elements beyond the size are null, so one comparison serves both the bounds and the array's own check.
        var isNull = NullElementPath(index.Type, table);
        _il.Emit(OpCodes.Ldloc, indexLocal);
        _il.Emit(OpCodes.Ldloc, elements);
        _il.Emit(OpCodes.Ldlen);
        _il.Emit(index.Type == ValType.I64 ? OpCodes.Conv_U8 : OpCodes.Conv_I4);
        _il.Emit(OpCodes.Bge_Un, isNull);
        _il.Emit(OpCodes.Ldloc, elements);
        _il.Emit(OpCodes.Ldloc, indexLocal);
        if (index.Type == ValType.I64)
            _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Ldelem_Ref);
        Callee.EmitStore(_il);
        Callee.EmitLoad(_il);
        _il.Emit(OpCodes.Brfalse, isNull);
    }

    private LocalBuilder IndexLocal(ValType type) =>
        type == ValType.I64 ? _index64 ??= _variables.DeclareLocal(typeof(long)) : _index32 ??= _variables.DeclareLocal(typeof(int));

    /// <summary>
    /// Branches unless a function is of a type or below it. Equality is asked first, as for a class. What the type is compared with is
    /// bound to the instance, since the code is the same in each engine.
    /// </summary>
    private void EmitBranchUnlessFunction(Variable function, int typeIndex, Label failed)
    {
        EmitTypeId(typeIndex);
        function.EmitLoad(_il);
        _il.Emit(OpCodes.Ldfld, ContextMembers.TypeId);
        if (_module.Types.Types[typeIndex].IsFinal)
        {
            _il.Emit(OpCodes.Bne_Un, failed);
            return;
        }

        var matches = _il.DefineLabel();
        _il.Emit(OpCodes.Beq, matches);
        function.EmitLoad(_il);
        EmitTypeId(typeIndex);
        _il.Emit(OpCodes.Call, ContextMembers.TestFunction);
        _il.Emit(OpCodes.Brfalse, failed);
        _il.MarkLabel(matches);
    }

    private void EmitTypeId(int typeIndex)
    {
        EmitInstance();
        _module.Class.EmitLoadTypeId(_il, typeIndex);
    }

    /// <summary>Cold code for a callee of another type: the whole call, of a function of the type wanted that calls the one that was there.</summary>
    /// <remarks>
    /// It meets the hot code behind the call. If it met it before, with another <see cref="Callee"/>, the JIT would lay it between the type check and the
    /// call, so that each call without a cast would jump over it.
    /// </remarks>
    private void AddCastPath(Label differs, Instruction instruction, FuncType type, Operand[] arguments)
    {
        var site = IsTailCall(in instruction) ? null : _sites[^1];
        _cold.Paths.Add(() =>
        {
            _il.MarkLabel(differs);
            EmitInstance();
            _il.Emit(OpCodes.Ldc_I4, instruction.Index);
            Callee.EmitLoad(_il);
            _il.Emit(OpCodes.Call, ContextMembers.CastFunction);
            Callee.EmitStore(_il);
            if (site is null)
            {
                EmitTailCall(instruction, type, null, EmitArguments);
                return;
            }

            EmitCallInstruction(in instruction, type, null, EmitArguments);
            if (site.Results.Length > 0)
                site.Results[0].EmitStore(_il);
            _il.Emit(OpCodes.Br, site.Test);
        });

        // The operands have been emitted, but what they read is as it was: the branch to here is before anything was stored.
        void EmitArguments() => Array.ForEach(arguments, _stack.EmitValue);
    }

    private void EmitCallRef(in Instruction instruction)
    {
        var type = _module.Types.FuncType(instruction.Index);
        var function = _stack.Pop();
        var arguments = _stack.Pop(type.ParameterArray.Length);
        _stack.Emit(function);
        Callee.EmitStore(_il);
        if (!function.IsNonNull)
        {
            Callee.EmitLoad(_il);
            _il.Emit(OpCodes.Brfalse, TrapPath(nameof(Trap.NullFunctionReference)));
        }

        Callee.EmitLoad(_il);
        _il.Emit(OpCodes.Ldfld, ContextMembers.FunctionContext);
        EmitContext();
        _il.Emit(OpCodes.Bne_Un, TrapPath(nameof(Trap.ForeignFunction)));
        EmitInvocation(instruction, type, null, arguments);
    }

    /// <summary>The reference on the IL stack goes where calls take functions from without a look at their store: tables, and globals that fill them.</summary>
    private void EmitRequireOwn(ValType type)
    {
        if (!_module.Types.Registry.IsSubtype(type, ValType.FuncRef))
            return;
        EmitInstance();
        _il.Emit(OpCodes.Call, ContextMembers.RequireOwn);
    }

    /// <summary>Calls a method, or the function in <see cref="Callee"/>.</summary>
    private void EmitInvocation(Instruction instruction, FuncType type, MethodInfo? method, Operand[] arguments)
    {
        if (IsTailCall(in instruction))
        {
            EmitTailCall(instruction, type, method, () => _stack.Emit(arguments));
            MarkDead();
            return;
        }

        EmitCallInstruction(in instruction, type, method, () => _stack.Emit(arguments));
        EmitResults(in instruction, type);
    }

    private void EmitCallInstruction(in Instruction instruction, FuncType type, MethodInfo? method, Action emitArguments)
    {
        if (method is not null)
        {
            EmitInstance();
            emitArguments();
            EmitTailPrefix(in instruction);
            _il.Emit(OpCodes.Call, method);
            return;
        }

        Callee.EmitLoad(_il);
        _il.Emit(OpCodes.Ldfld, ContextMembers.Environment);
        emitArguments();
        Callee.EmitLoad(_il);
        _il.Emit(OpCodes.Ldfld, ContextMembers.Code);
        EmitTailPrefix(in instruction);
        _il.EmitCalli(
            OpCodes.Calli, CallingConventions.Standard, ClrTypes.ResultOf(type), [typeof(object), .. ClrTypes.ParametersOf(type)], null);
    }

    private void EmitResults(in Instruction instruction, FuncType type)
    {
        var types = type.ResultArray;
        var results = _variables.Take(types);
        if (results.Length > 0)
            results[0].EmitStore(_il);
        if (_module.Suspension.IsSite(in instruction))
            EmitSite(in instruction, results, types);
        var slots = SlotLayout.Of(types);

        // Results of a piece that are in slots go into their locals at once: the JIT looks at all uses of variables, and at too many does not optimise.
        _doneSets = Math.Min(_module.Code.CountResultSets(_position), Math.Max(0, types.Length - 1));
        var kept = types.Length - _doneSets;
        for (var i = 1; i < types.Length; i++)
        {
            EmitLoadSlot(types[i], slots[i]);
            if (i < kept)
                results[i].EmitStore(_il);
            else
                _stack.Assign(_locals[_module.Code[_position + types.Length - i].Index]);
        }

        for (var i = 0; i < kept; i++)
            _stack.PushVariable(results[i]);
        _variables.Release(results);
    }
}
