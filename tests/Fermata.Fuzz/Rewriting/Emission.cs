using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Fuzz.Rewriting;

/// <summary>Instructions in the binary format.</summary>
internal static class Emission
{
    public static void WriteIndexed(this ByteWriter code, Opcode opcode, int index)
    {
        code.WriteOpcode(opcode);
        code.WriteUnsigned((ulong)index);
    }

    public static void LocalGet(this ByteWriter code, int index) => code.WriteIndexed(Opcode.LocalGet, index);

    public static void LocalSet(this ByteWriter code, int index) => code.WriteIndexed(Opcode.LocalSet, index);

    public static void I32Const(this ByteWriter code, int value)
    {
        code.WriteOpcode(Opcode.I32Const);
        code.WriteSigned(value);
    }

    public static void I64Const(this ByteWriter code, long value)
    {
        code.WriteOpcode(Opcode.I64Const);
        code.WriteSigned(value);
    }

    public static void F32Const(this ByteWriter code, uint bits)
    {
        code.WriteOpcode(Opcode.F32Const);
        code.WriteFixed32(bits);
    }

    public static void F64Const(this ByteWriter code, ulong bits)
    {
        code.WriteOpcode(Opcode.F64Const);
        code.WriteFixed64(bits);
    }

    /// <summary>A vector constant of two equal halves.</summary>
    public static void V128Const(this ByteWriter code, ulong half)
    {
        code.WriteOpcode(Opcode.V128Const);
        code.WriteFixed64(half);
        code.WriteFixed64(half);
    }

    public static void Lane(this ByteWriter code, Opcode opcode, byte lane)
    {
        code.WriteOpcode(opcode);
        code.WriteByte(lane);
    }

    public static void RefNull(this ByteWriter code, HeapType heap)
    {
        code.WriteOpcode(Opcode.RefNull);
        code.WriteHeapType(heap);
    }
}
