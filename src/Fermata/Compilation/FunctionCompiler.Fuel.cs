using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Counting what code does. A straight piece of code is paid for at its end.</summary>
internal sealed partial class FunctionCompiler
{
    private int _unpaid;

    /// <summary>Counts an instruction that is about to be emitted, and has all up to it paid if control may go elsewhere there.</summary>
    private void CountFuel(in Instruction instruction)
    {
        if (!_module.Options.UsesFuel)
            return;
        if (_module.Code.StandsForCall(_position))
        {
            _unpaid++;
            PayFuel();
            return;
        }

        if (!IsFree(instruction.Opcode) && !instruction.IsAdded)
            _unpaid++;
        if (EndsPiece(instruction.Opcode))
            PayFuel();
    }

    /// <summary>Has the instructions paid that were counted and are not yet.</summary>
    private void PayFuel()
    {
        if (_unpaid == 0)
            return;
        EmitContext();
        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.Fuel);
        _il.Emit(OpCodes.Ldc_I4, _unpaid);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stfld, ContextMembers.Fuel);
        _unpaid = 0;
    }

    /// <summary>Branches if no fuel is left.</summary>
    private void EmitFuelCheck(Label isOut)
    {
        if (!_module.Options.UsesFuel)
            return;
        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.Fuel);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Blt, isOut);
    }

    private static bool IsFree(Opcode opcode) => opcode is Opcode.Nop or Opcode.Block or Opcode.Loop or Opcode.Else or Opcode.End;

    private static bool EndsPiece(Opcode opcode) => SuspensionAnalysis.IsCall(opcode) || opcode is Opcode.If or Opcode.Else or Opcode.End or Opcode.Loop
        or Opcode.Br or Opcode.BrIf or Opcode.BrTable or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail
        or Opcode.Return or Opcode.Unreachable or Opcode.Throw or Opcode.ThrowRef or Opcode.Rethrow
        or Opcode.Try or Opcode.TryTable or Opcode.Catch or Opcode.CatchAll or Opcode.Delegate;
}
