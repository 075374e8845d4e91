using Fermata.Structure;

namespace Fermata.Validation;

/// <content>The instructions whose types do not stand in the instruction table, and the methods that check them.</content>
internal sealed partial class CodeValidator
{
    private void CheckByMethod()
    {
        switch (_instruction.Opcode)
        {
            case Opcode.Unreachable: SetUnreachable(); break;
            case Opcode.Block: CheckBlock(Opcode.Block); break;
            case Opcode.Loop: CheckBlock(Opcode.Loop); break;
            case Opcode.If: CheckBlock(Opcode.If); break;
            case Opcode.Else: CheckElse(); break;
            case Opcode.End: CheckEnd(); break;
            case Opcode.Br: CheckBr(); break;
            case Opcode.BrIf: CheckBrIf(); break;
            case Opcode.BrTable: CheckBrTable(); break;
            case Opcode.Return: CheckReturn(); break;
            case Opcode.Call: CheckCall(); break;
            case Opcode.CallIndirect: CheckCallIndirect(isTail: false); break;
            case Opcode.CallRef: CheckCallRef(isTail: false); break;
            case Opcode.ReturnCall: CheckReturnCall(); break;
            case Opcode.ReturnCallIndirect: CheckCallIndirect(isTail: true); break;
            case Opcode.ReturnCallRef: CheckCallRef(isTail: true); break;
            case Opcode.Throw: CheckThrow(); break;
            case Opcode.ThrowRef: CheckThrowRef(); break;
            case Opcode.TryTable: CheckTryTable(); break;
            case Opcode.Try: CheckBlock(Opcode.Try); break;
            case Opcode.Catch: CheckCatch(Opcode.Catch, TagAt(_instruction.Index).ParameterArray); break;
            case Opcode.CatchAll: CheckCatch(Opcode.CatchAll, []); break;
            case Opcode.Rethrow: CheckRethrow(); break;
            case Opcode.Delegate: CheckDelegate(); break;

            case Opcode.Drop: PopAny(); break;
            case Opcode.Select: CheckSelect(); break;
            case Opcode.SelectTyped: CheckSelectTyped(); break;
            case Opcode.LocalGet: CheckLocalGet(); break;
            case Opcode.LocalSet: CheckLocalSet(isTee: false); break;
            case Opcode.LocalTee: CheckLocalSet(isTee: true); break;
            case Opcode.GlobalGet: CheckGlobalGet(); break;
            case Opcode.GlobalSet: CheckGlobalSet(); break;

            case Opcode.TableGet: CheckTableGet(); break;
            case Opcode.TableSet: CheckTableSet(); break;
            case Opcode.TableGrow: CheckTableGrow(); break;
            case Opcode.TableFill: CheckTableFill(); break;
            case Opcode.TableCopy: CheckTableCopy(); break;
            case Opcode.TableInit: CheckTableInit(); break;
            case Opcode.MemoryCopy: CheckMemoryCopy(); break;
            case Opcode.MemoryInit: CheckMemoryInit(); break;

            case Opcode.RefNull: CheckRefNull(); break;
            case Opcode.RefIsNull: CheckRefIsNull(); break;
            case Opcode.RefFunc: CheckRefFunc(); break;
            case Opcode.RefEq: CheckRefEq(); break;
            case Opcode.RefAsNonNull: CheckRefAsNonNull(); break;
            case Opcode.RefTest or Opcode.RefTestNull: CheckRefTest(); break;
            case Opcode.RefCast or Opcode.RefCastNull: CheckRefCast(); break;
            case Opcode.BrOnNull: CheckBrOnNull(); break;
            case Opcode.BrOnNonNull: CheckBrOnNonNull(); break;
            case Opcode.BrOnCast: CheckBrOnCast(branchesOnFailure: false); break;
            case Opcode.BrOnCastFail: CheckBrOnCast(branchesOnFailure: true); break;
            case Opcode.AnyConvertExtern: CheckConversion(HeapType.Extern, HeapType.Any); break;
            case Opcode.ExternConvertAny: CheckConversion(HeapType.Any, HeapType.Extern); break;
            case Opcode.RefI31: CheckRefI31(); break;
            case Opcode.I31GetS or Opcode.I31GetU: CheckI31Get(); break;

            case Opcode.StructNew: CheckStructNew(); break;
            case Opcode.StructNewDefault: CheckStructNewDefault(); break;
            case Opcode.StructGet: CheckStructGet(isPacked: false); break;
            case Opcode.StructGetS or Opcode.StructGetU: CheckStructGet(isPacked: true); break;
            case Opcode.StructSet: CheckStructSet(); break;
            case Opcode.ArrayNew: CheckArrayNew(); break;
            case Opcode.ArrayNewDefault: CheckArrayNewDefault(); break;
            case Opcode.ArrayNewFixed: CheckArrayNewFixed(); break;
            case Opcode.ArrayNewData: CheckArrayNewData(); break;
            case Opcode.ArrayNewElem: CheckArrayNewElem(); break;
            case Opcode.ArrayGet: CheckArrayGet(isPacked: false); break;
            case Opcode.ArrayGetS or Opcode.ArrayGetU: CheckArrayGet(isPacked: true); break;
            case Opcode.ArraySet: CheckArraySet(); break;
            case Opcode.ArrayLen: CheckArrayLen(); break;
            case Opcode.ArrayFill: CheckArrayFill(); break;
            case Opcode.ArrayCopy: CheckArrayCopy(); break;
            case Opcode.ArrayInitData: CheckArrayInitData(); break;
            case Opcode.ArrayInitElem: CheckArrayInitElem(); break;
            default: throw new InvalidOperationException($"the instruction {_instruction.Info.Name} has neither a signature nor a check");
        }
    }
}
