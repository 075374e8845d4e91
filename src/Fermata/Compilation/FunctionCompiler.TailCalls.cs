using System.Reflection;
using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Calls that take the place of the activation that makes them.</summary>
internal sealed partial class FunctionCompiler
{
    private void EmitTailCall(Instruction instruction, FuncType type, MethodInfo? method, Action emitArguments)
    {
        EmitCallInstruction(in instruction, type, method, emitArguments);
        EmitTailReturn(type);
    }

    public static bool IsTailCall(in Instruction instruction) =>
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
            var result = _variables.Take(type.ResultArray[0]);
            var isUnwinding = _il.DefineLabel();
            result.EmitStore(_il);
            EmitContext();
            _il.Emit(OpCodes.Ldfld, ContextMembers.Suspension);
            _il.Emit(OpCodes.Brtrue, isUnwinding);
            result.EmitLoad(_il);
            EmitStoreSlot(result.Type, 0);
            _il.MarkLabel(isUnwinding);
            _variables.Release(result);
        }

        _il.Emit(OpCodes.Ret);
    }
}
