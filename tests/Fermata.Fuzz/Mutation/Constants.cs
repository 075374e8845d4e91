using Fermata.Binary;
using Fermata.Fuzz.Rewriting;
using Fermata.Structure;

namespace Fermata.Fuzz.Mutation;

/// <summary>Constants at which instructions tend to go wrong.</summary>
internal static class Constants
{
    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 31, 32, 63, 64, 127, 128, 255, 256, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000,
        0x7FFFFFFFFFFFFFFF, 0x8000000000000000, ulong.MaxValue, 0x3F800000, 0x4F000000, 0x7F800000, 0x7FC00000, 0xFFC00000, 0xBF800000,
        0x3FF0000000000000, 0x41E0000000000000, 0x43E0000000000000, 0x7FF0000000000000, 0x7FF8000000000000, 0xC3E0000000000000, 0xBFF0000000000000,
    ];

    public static ulong Bits(RandomSource random) => random.Below(5) switch
    {
        0 => random.Next(),
        1 => random.Next() >> random.Below(64),
        2 => (ulong)-random.Below(300),
        3 => (ulong)random.Below(300),
        _ => random.Pick(Interesting),
    };

    /// <summary>Writes a constant of the type of a letter.</summary>
    public static void Write(ByteWriter code, char type, RandomSource random)
    {
        switch (type)
        {
            case 'i':
                code.I32Const((int)Bits(random));
                break;
            case 'l':
                code.I64Const((long)Bits(random));
                break;
            case 'f':
                code.F32Const(random.OneIn(2) ? (uint)Bits(random) : BitConverter.SingleToUInt32Bits((int)Bits(random)));
                break;
            case 'd':
                code.F64Const(random.OneIn(2) ? Bits(random) : BitConverter.DoubleToUInt64Bits((long)Bits(random)));
                break;
            default:
                code.WriteOpcode(Opcode.V128Const);
                code.WriteFixed64(Bits(random));
                code.WriteFixed64(Bits(random));
                break;
        }
    }
}
