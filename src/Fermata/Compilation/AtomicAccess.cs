using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>An atomic load, store or read-modify-write: the value on the stack, the cell in memory, and the method that is called.</summary>
/// <param name="Type">The type of the operands other than the address, and of the result.</param>
/// <param name="Size">The bytes of the cell.</param>
/// <param name="OperandCount">How many operands there are beside the address.</param>
/// <param name="Method">The method of <see cref="AtomicOperations"/>; its parameters are the cell and the operands in their order.</param>
internal readonly record struct AtomicAccess(ValType Type, int Size, int OperandCount, MethodInfo Method)
{
    /// <summary>The number of the first one; the instructions before it wait, notify and fence.</summary>
    private const int First = 0x10;

    /// <summary>How many widths each operation comes in.</summary>
    private const int OperationStride = 7;

    private static readonly string[] Operations =
    [
        nameof(AtomicOperations.Load), nameof(AtomicOperations.Store),
        nameof(AtomicOperations.Add), nameof(AtomicOperations.Sub), nameof(AtomicOperations.And), nameof(AtomicOperations.Or),
        nameof(AtomicOperations.Xor), nameof(AtomicOperations.Exchange), nameof(AtomicOperations.CompareExchange),
    ];

    /// <summary>The cells by <see cref="InstructionInfo.Width"/>, and how a value on the IL stack is made to fit.</summary>
    private static readonly (Type Type, OpCode Narrowing)[] Cells =
        [(typeof(byte), OpCodes.Conv_U1), (typeof(ushort), OpCodes.Conv_U2), (typeof(uint), OpCodes.Conv_U4), (typeof(ulong), OpCodes.Conv_U8)];

    private static readonly AtomicAccess[] ByNumber =
        [.. InstructionTable.Rows.Where(row => row.Prefix == InstructionTable.AtomicPrefix && row.Number >= First).OrderBy(row => row.Number).Select(Create)];

    public static AtomicAccess Of(InstructionInfo info) => ByNumber[info.Number - First];

    /// <summary>Section "Sub-word accesses": operands are wrapped to the cell, the expected value of a comparison too.</summary>
    public void EmitNarrowing(ILGenerator il)
    {
        if (Size < (Type == ValType.I64 ? sizeof(long) : sizeof(int)))
            il.Emit(Cells[int.Log2(Size)].Narrowing);
    }

    /// <summary>Results are zero-extended; on the IL stack small integers are 32-bit ones already.</summary>
    public void EmitWidening(ILGenerator il)
    {
        if (Type == ValType.I64 && Size < sizeof(long))
            il.Emit(OpCodes.Conv_U8);
    }

    private static AtomicAccess Create(InstructionInfo info)
    {
        var cell = Cells[info.Width].Type;
        var operands = info.Signature!.IndexOf(':', StringComparison.Ordinal) - 1;
        Type[] parameters = [cell.MakeByRefType(), .. Enumerable.Repeat(cell, operands)];
        var method = typeof(AtomicOperations).GetMethod(Operations[(info.Number - First) / OperationStride], parameters)!;
        return new AtomicAccess(info.Signature.Contains('l', StringComparison.Ordinal) ? ValType.I64 : ValType.I32, 1 << info.Width, operands, method);
    }
}
