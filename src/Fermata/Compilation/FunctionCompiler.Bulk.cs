using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The operations on whole memories, tables and segments: each is a method of the run-time.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>
    /// A row: the method; what it works on, as "i" the instance, "c" the context, "m" the memory or "t" the table of the first immediate, "M" and "T" of the second, "d" the data
    /// segment, "e" the element segment; and its operands, "a" an address or index, which the method takes as 64 bits, "r" a reference for the table of the first immediate, "v" any other.
    /// </summary>
    private sealed record BulkOperation(Type Owner, string Method, string Objects, string Operands)
    {
        public MethodInfo MethodInfo => ContextMembers.Method(Owner, Method);
    }

    private static readonly OpcodeTable<BulkOperation> BulkOperations = new()
    {
        [Opcode.MemorySize] = new(typeof(MemoryOperations), nameof(MemoryOperations.Size), "m", ""),
        [Opcode.MemoryGrow] = new(typeof(MemoryOperations), nameof(MemoryOperations.Grow), "im", "a"),
        [Opcode.MemoryFill] = new(typeof(MemoryOperations), nameof(MemoryOperations.Fill), "cm", "ava"),
        [Opcode.MemoryCopy] = new(typeof(MemoryOperations), nameof(MemoryOperations.Copy), "cmM", "aaa"),
        [Opcode.MemoryInit] = new(typeof(MemoryOperations), nameof(MemoryOperations.Init), "cMd", "avv"),
        [Opcode.DataDrop] = new(typeof(DataInstance), nameof(DataInstance.Drop), "d", ""),
        [Opcode.TableGet] = new(typeof(TableOperations), nameof(TableOperations.Get), "t", "a"),
        [Opcode.TableSet] = new(typeof(TableOperations), nameof(TableOperations.Set), "t", "ar"),
        [Opcode.TableSize] = new(typeof(TableOperations), nameof(TableOperations.Size), "t", ""),
        [Opcode.TableGrow] = new(typeof(TableOperations), nameof(TableOperations.Grow), "ct", "ra"),
        [Opcode.TableFill] = new(typeof(TableOperations), nameof(TableOperations.Fill), "ct", "ara"),
        [Opcode.TableCopy] = new(typeof(TableOperations), nameof(TableOperations.Copy), "ctT", "aaa"),
        [Opcode.TableInit] = new(typeof(TableOperations), nameof(TableOperations.Init), "cTe", "avv"),
        [Opcode.ElemDrop] = new(typeof(ElementInstance), nameof(ElementInstance.Drop), "e", ""),
    };

    private bool TryEmitBulk(in Instruction instruction)
    {
        if (BulkOperations[instruction.Opcode] is not { } operation)
            return false;
        var operands = _stack.Pop(operation.Operands.Length);
        foreach (var kind in operation.Objects)
            EmitObject(kind, in instruction);
        for (var i = 0; i < operands.Length; i++)
        {
            _stack.Emit(operands[i]);
            if (operation.Operands[i] == 'a' && operands[i].Type == ValType.I32)
                _il.Emit(OpCodes.Conv_U8);
            if (operation.Operands[i] == 'r')
                EmitRequireOwn(_module.Types.TableTypes[instruction.Index].Element);
        }

        var method = operation.MethodInfo;
        _il.Emit(OpCodes.Call, method);
        if (method.ReturnType == typeof(object))
            _stack.PushResult(_module.Types.TableTypes[instruction.Index].Element);
        else if (method.ReturnType == typeof(ulong))
            PushSize(operation.Objects.EndsWith('m') ? _module.Definition.Memories[instruction.Index].Type.AddressType : _module.Definition.Tables[instruction.Index].Type.AddressType);
        if (FunctionUses.WorksOnRange(instruction.Opcode))
            EmitEndTest();
        return true;
    }

    private void PushSize(ValType addressType)
    {
        if (addressType == ValType.I32)
            _il.Emit(OpCodes.Conv_I4);
        _stack.PushResult(addressType);
    }

    private void EmitObject(char kind, in Instruction instruction)
    {
        switch (kind)
        {
            case 'i':
                EmitInstance();
                break;
            case 'c':
                EmitContext();
                break;
            case 'm':
                EmitMemory(instruction.Index);
                break;
            case 'M':
                EmitMemory(instruction.Index2);
                break;
            case 't':
                EmitTable(instruction.Index);
                break;
            case 'T':
                EmitTable(instruction.Index2);
                break;
            default:
                EmitSegment(isData: kind == 'd', instruction.Index);
                break;
        }
    }

    private void EmitSegment(bool isData, int index)
    {
        EmitInstance();
        _il.Emit(OpCodes.Ldfld, isData ? ContextMembers.Data : ContextMembers.Elements);
        _il.Emit(OpCodes.Ldc_I4, index);
        _il.Emit(OpCodes.Ldelem_Ref);
    }

    private void EmitTable(int index)
    {
        EmitInstance();
        _module.Class.EmitLoad(_il, ExternKind.Table, index);
    }
}
