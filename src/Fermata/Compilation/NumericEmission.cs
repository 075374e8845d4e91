using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The IL of the numeric instructions: what to emit after the operands.</summary>
/// <remarks>An instruction without a row here is the method of <see cref="NumericOperations"/> that has its name.</remarks>
internal static class NumericEmission
{
    /// <summary>Less-or-equal is not-greater; for floats the unordered comparison makes NaN come out false.</summary>
    private static readonly OpcodeTable<OpCode[]> Sequences = new()
    {
        [Opcode.I32Add] = [OpCodes.Add],
        [Opcode.I32Sub] = [OpCodes.Sub],
        [Opcode.I32Mul] = [OpCodes.Mul],
        [Opcode.I32And] = [OpCodes.And],
        [Opcode.I32Or] = [OpCodes.Or],
        [Opcode.I32Xor] = [OpCodes.Xor],
        [Opcode.I64Add] = [OpCodes.Add],
        [Opcode.I64Sub] = [OpCodes.Sub],
        [Opcode.I64Mul] = [OpCodes.Mul],
        [Opcode.I64And] = [OpCodes.And],
        [Opcode.I64Or] = [OpCodes.Or],
        [Opcode.I64Xor] = [OpCodes.Xor],
        [Opcode.F32Add] = [OpCodes.Add],
        [Opcode.F32Sub] = [OpCodes.Sub],
        [Opcode.F32Mul] = [OpCodes.Mul],
        [Opcode.F32Div] = [OpCodes.Div],
        [Opcode.F64Add] = [OpCodes.Add],
        [Opcode.F64Sub] = [OpCodes.Sub],
        [Opcode.F64Mul] = [OpCodes.Mul],
        [Opcode.F64Div] = [OpCodes.Div],

        [Opcode.I32Eqz] = [OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I32Eq] = [OpCodes.Ceq],
        [Opcode.I32Ne] = [OpCodes.Ceq, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I32LtS] = [OpCodes.Clt],
        [Opcode.I32LtU] = [OpCodes.Clt_Un],
        [Opcode.I32GtS] = [OpCodes.Cgt],
        [Opcode.I32GtU] = [OpCodes.Cgt_Un],
        [Opcode.I32LeS] = [OpCodes.Cgt, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I32LeU] = [OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I32GeS] = [OpCodes.Clt, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I32GeU] = [OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq],

        [Opcode.I64Eqz] = [OpCodes.Ldc_I4_0, OpCodes.Conv_I8, OpCodes.Ceq],
        [Opcode.I64Eq] = [OpCodes.Ceq],
        [Opcode.I64Ne] = [OpCodes.Ceq, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I64LtS] = [OpCodes.Clt],
        [Opcode.I64LtU] = [OpCodes.Clt_Un],
        [Opcode.I64GtS] = [OpCodes.Cgt],
        [Opcode.I64GtU] = [OpCodes.Cgt_Un],
        [Opcode.I64LeS] = [OpCodes.Cgt, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I64LeU] = [OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I64GeS] = [OpCodes.Clt, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.I64GeU] = [OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq],

        [Opcode.F32Eq] = [OpCodes.Ceq],
        [Opcode.F32Ne] = [OpCodes.Ceq, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.F32Lt] = [OpCodes.Clt],
        [Opcode.F32Gt] = [OpCodes.Cgt],
        [Opcode.F32Le] = [OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.F32Ge] = [OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.F64Eq] = [OpCodes.Ceq],
        [Opcode.F64Ne] = [OpCodes.Ceq, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.F64Lt] = [OpCodes.Clt],
        [Opcode.F64Gt] = [OpCodes.Cgt],
        [Opcode.F64Le] = [OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq],
        [Opcode.F64Ge] = [OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq],

        [Opcode.I32WrapI64] = [OpCodes.Conv_I4],
        [Opcode.I64ExtendI32S] = [OpCodes.Conv_I8],
        [Opcode.I64ExtendI32U] = [OpCodes.Conv_U8],
        [Opcode.I32Extend8S] = [OpCodes.Conv_I1],
        [Opcode.I32Extend16S] = [OpCodes.Conv_I2],
        [Opcode.I64Extend8S] = [OpCodes.Conv_I1, OpCodes.Conv_I8],
        [Opcode.I64Extend16S] = [OpCodes.Conv_I2, OpCodes.Conv_I8],
        [Opcode.I64Extend32S] = [OpCodes.Conv_I4, OpCodes.Conv_I8],
        [Opcode.F32ConvertI32S] = [OpCodes.Conv_R4],
        [Opcode.F32ConvertI64S] = [OpCodes.Conv_R4],
        [Opcode.F64ConvertI32S] = [OpCodes.Conv_R8],
        [Opcode.F64ConvertI64S] = [OpCodes.Conv_R8],
        [Opcode.F64PromoteF32] = [OpCodes.Conv_R8],
    };

    private static readonly OpcodeTable<MethodInfo> Methods = FindMethods();

    public static bool Has(Opcode opcode) => Sequences[opcode] is not null || Methods[opcode] is not null;

    public static void Emit(ILGenerator il, Opcode opcode)
    {
        if (Sequences[opcode] is not { } codes)
        {
            il.Emit(OpCodes.Call, Methods[opcode]!);
            return;
        }

        foreach (var code in codes)
            il.Emit(code);
    }

    /// <summary>
    /// Whether the JIT drops the operation where one operand is a constant such as 1 or 0; the result of an operation on a NaN must be a quiet
    /// one (section 4.3.3 "Floating-Point Operations"), so such a constant has to be hidden from it.
    /// </summary>
    public static bool HasIdentities(Opcode opcode) => opcode is
        Opcode.F32Add or Opcode.F32Sub or Opcode.F32Mul or Opcode.F32Div
        or Opcode.F64Add or Opcode.F64Sub or Opcode.F64Mul or Opcode.F64Div;

    /// <summary>Whether the JIT may make a rotation of the operation, which is not to be compared with zero as it is.</summary>
    public static bool MayBeRotation(Operand operation) =>
        operation.Opcode is Opcode.I32Or or Opcode.I32Xor or Opcode.I64Or or Opcode.I64Xor
        && MayBeShift(operation.Left!) && MayBeShift(operation.Right!);

    /// <summary>Whether a value is a shifted one, as far as can be told: the JIT looks through variables.</summary>
    public static bool MayBeShift(Operand operand) => operand.Variable is { } variable
        ? variable.IsTemporary || variable.MayBeShift
        : operand.Opcode is Opcode.I32Shl or Opcode.I32ShrU or Opcode.I64Shl or Opcode.I64ShrU;

    /// <summary>Emits what makes a rotation on the IL stack fit to be compared.</summary>
    public static void EmitSettle(ILGenerator il, ValType type) =>
        il.Emit(OpCodes.Call, typeof(Rotation).GetMethod(nameof(Rotation.Settle), [type == ValType.I32 ? typeof(int) : typeof(long)])!);

    /// <summary>Whether it compares numbers.</summary>
    public static bool IsComparison(Operand operand) => operand is { Kind: OperandKind.Operation, Opcode: >= Opcode.I32Eqz and <= Opcode.F64Ge };

    /// <summary>Whether the instruction may trap, so that it must be executed where it stands.</summary>
    public static bool MayTrap(Opcode opcode) => IsDivision(opcode) || opcode is
        (>= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U)
        or (>= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U);

    /// <summary>Whether it is a division of integers, which may trap or not as the divisor is.</summary>
    public static bool IsDivision(Opcode opcode) => opcode is
        Opcode.I32DivS or Opcode.I32DivU or Opcode.I32RemS or Opcode.I32RemU
        or Opcode.I64DivS or Opcode.I64DivU or Opcode.I64RemS or Opcode.I64RemU;

    private static OpcodeTable<MethodInfo> FindMethods()
    {
        var table = new OpcodeTable<MethodInfo>();
        foreach (var method in typeof(NumericOperations).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (Enum.TryParse(typeof(Opcode), method.Name, out var opcode))
                table[(Opcode)opcode] = method;
        }

        return table;
    }
}
