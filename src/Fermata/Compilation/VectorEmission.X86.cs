using System.Runtime.Intrinsics.X86;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <content>
/// The instructions that are one of x86. They need no more than SSE, so that code is the same on all processors that .NET makes machine code for ahead of time; with AVX, the JIT encodes them
/// in its way.
/// </content>
internal sealed partial class VectorEmission
{
    private static IEnumerable<Row> X86Rows
    {
        get
        {
            var rows = new List<Row>();
            if (Sse2.IsSupported)
                rows.AddRange(Sse2Rows);
            if (Ssse3.IsSupported)
                rows.AddRange(Ssse3Rows);
            if (Sse41.IsSupported)
                rows.AddRange(Sse41Rows);
            if (Sse42.IsSupported)
                rows.AddRange(Sse42Rows);
            return rows;
        }
    }

    /// <summary>The minimum and maximum of x86 give their second operand where they are not a number or equal.</summary>
    private static Row[] Sse2Rows =>
    [
        new(Opcode.I8x16Add, typeof(sbyte), nameof(Sse2.Add), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16Sub, typeof(sbyte), nameof(Sse2.Subtract), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16Eq, typeof(sbyte), nameof(Sse2.CompareEqual), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16GtS, typeof(sbyte), nameof(Sse2.CompareGreaterThan), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16LtS, typeof(sbyte), nameof(Sse2.CompareGreaterThan), "ba", Owner: typeof(Sse2)),
        new(Opcode.I8x16MinU, typeof(byte), nameof(Sse2.Min), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16MaxU, typeof(byte), nameof(Sse2.Max), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16AddSatS, typeof(sbyte), nameof(Sse2.AddSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16AddSatU, typeof(byte), nameof(Sse2.AddSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16SubSatS, typeof(sbyte), nameof(Sse2.SubtractSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16SubSatU, typeof(byte), nameof(Sse2.SubtractSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16AvgrU, typeof(byte), nameof(Sse2.Average), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8Add, typeof(short), nameof(Sse2.Add), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8Sub, typeof(short), nameof(Sse2.Subtract), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8Eq, typeof(short), nameof(Sse2.CompareEqual), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8GtS, typeof(short), nameof(Sse2.CompareGreaterThan), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8LtS, typeof(short), nameof(Sse2.CompareGreaterThan), "ba", Owner: typeof(Sse2)),
        new(Opcode.I16x8Mul, typeof(short), nameof(Sse2.MultiplyLow), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8MinS, typeof(short), nameof(Sse2.Min), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8MaxS, typeof(short), nameof(Sse2.Max), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8AddSatS, typeof(short), nameof(Sse2.AddSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8AddSatU, typeof(ushort), nameof(Sse2.AddSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8SubSatS, typeof(short), nameof(Sse2.SubtractSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8SubSatU, typeof(ushort), nameof(Sse2.SubtractSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8AvgrU, typeof(ushort), nameof(Sse2.Average), "ab", Owner: typeof(Sse2)),
        new(Opcode.I32x4Add, typeof(int), nameof(Sse2.Add), "ab", Owner: typeof(Sse2)),
        new(Opcode.I32x4Sub, typeof(int), nameof(Sse2.Subtract), "ab", Owner: typeof(Sse2)),
        new(Opcode.I32x4Eq, typeof(int), nameof(Sse2.CompareEqual), "ab", Owner: typeof(Sse2)),
        new(Opcode.I32x4GtS, typeof(int), nameof(Sse2.CompareGreaterThan), "ab", Owner: typeof(Sse2)),
        new(Opcode.I32x4LtS, typeof(int), nameof(Sse2.CompareGreaterThan), "ba", Owner: typeof(Sse2)),
        new(Opcode.I64x2Add, typeof(long), nameof(Sse2.Add), "ab", Owner: typeof(Sse2)),
        new(Opcode.I64x2Sub, typeof(long), nameof(Sse2.Subtract), "ab", Owner: typeof(Sse2)),
        new(Opcode.F32x4Add, typeof(float), nameof(Sse.Add), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Sub, typeof(float), nameof(Sse.Subtract), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Mul, typeof(float), nameof(Sse.Multiply), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Div, typeof(float), nameof(Sse.Divide), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Eq, typeof(float), nameof(Sse.CompareEqual), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Ne, typeof(float), nameof(Sse.CompareNotEqual), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Lt, typeof(float), nameof(Sse.CompareLessThan), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Gt, typeof(float), nameof(Sse.CompareGreaterThan), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Le, typeof(float), nameof(Sse.CompareLessThanOrEqual), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Ge, typeof(float), nameof(Sse.CompareGreaterThanOrEqual), "ab", Owner: typeof(Sse)),
        new(Opcode.F32x4Pmin, typeof(float), nameof(Sse.Min), "ba", Owner: typeof(Sse)),
        new(Opcode.F32x4Pmax, typeof(float), nameof(Sse.Max), "ba", Owner: typeof(Sse)),
        new(Opcode.F64x2Add, typeof(double), nameof(Sse2.Add), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Sub, typeof(double), nameof(Sse2.Subtract), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Mul, typeof(double), nameof(Sse2.Multiply), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Div, typeof(double), nameof(Sse2.Divide), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Eq, typeof(double), nameof(Sse2.CompareEqual), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Ne, typeof(double), nameof(Sse2.CompareNotEqual), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Lt, typeof(double), nameof(Sse2.CompareLessThan), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Gt, typeof(double), nameof(Sse2.CompareGreaterThan), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Le, typeof(double), nameof(Sse2.CompareLessThanOrEqual), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Ge, typeof(double), nameof(Sse2.CompareGreaterThanOrEqual), "ab", Owner: typeof(Sse2)),
        new(Opcode.F64x2Pmin, typeof(double), nameof(Sse2.Min), "ba", Owner: typeof(Sse2)),
        new(Opcode.F64x2Pmax, typeof(double), nameof(Sse2.Max), "ba", Owner: typeof(Sse2)),
        new(Opcode.I8x16NarrowI16x8S, typeof(short), nameof(Sse2.PackSignedSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16NarrowI16x8U, typeof(short), nameof(Sse2.PackUnsignedSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8NarrowI32x4S, typeof(int), nameof(Sse2.PackSignedSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I32x4DotI16x8S, typeof(short), nameof(Sse2.MultiplyAddAdjacent), "ab", Owner: typeof(Sse2)),
        new(Opcode.I32x4ExtaddPairwiseI16x8S, typeof(short), nameof(Sse2.MultiplyAddAdjacent), "a1", Owner: typeof(Sse2)),
        new(Opcode.V128And, typeof(byte), nameof(Sse2.And), "ab", Owner: typeof(Sse2)),
        new(Opcode.V128Or, typeof(byte), nameof(Sse2.Or), "ab", Owner: typeof(Sse2)),
        new(Opcode.V128Xor, typeof(byte), nameof(Sse2.Xor), "ab", Owner: typeof(Sse2)),
        new(Opcode.V128Andnot, typeof(byte), nameof(Sse2.AndNot), "ba", Owner: typeof(Sse2)),
        new(Opcode.F32x4DemoteF64x2Zero, typeof(double), nameof(Sse2.ConvertToVector128Single), "a", Owner: typeof(Sse2)),
        new(Opcode.F64x2PromoteLowF32x4, typeof(float), nameof(Sse2.ConvertToVector128Double), "a", Owner: typeof(Sse2)),
        new(Opcode.F64x2ConvertLowI32x4S, typeof(int), nameof(Sse2.ConvertToVector128Double), "a", Owner: typeof(Sse2)),
    ];

    private static Row[] Ssse3Rows =>
    [
        new(Opcode.I16x8ExtaddPairwiseI8x16S, typeof(byte), nameof(Ssse3.MultiplyAddAdjacent), "1a", Owner: typeof(Ssse3)),
        new(Opcode.I16x8ExtaddPairwiseI8x16U, typeof(byte), nameof(Ssse3.MultiplyAddAdjacent), "a1", Owner: typeof(Ssse3)),
    ];

    private static Row[] Sse41Rows =>
    [
        new(Opcode.I8x16MinS, typeof(sbyte), nameof(Sse41.Min), "ab", Owner: typeof(Sse41)),
        new(Opcode.I8x16MaxS, typeof(sbyte), nameof(Sse41.Max), "ab", Owner: typeof(Sse41)),
        new(Opcode.I16x8MinU, typeof(ushort), nameof(Sse41.Min), "ab", Owner: typeof(Sse41)),
        new(Opcode.I16x8MaxU, typeof(ushort), nameof(Sse41.Max), "ab", Owner: typeof(Sse41)),
        new(Opcode.I32x4Mul, typeof(int), nameof(Sse41.MultiplyLow), "ab", Owner: typeof(Sse41)),
        new(Opcode.I32x4MinS, typeof(int), nameof(Sse41.Min), "ab", Owner: typeof(Sse41)),
        new(Opcode.I32x4MinU, typeof(uint), nameof(Sse41.Min), "ab", Owner: typeof(Sse41)),
        new(Opcode.I32x4MaxS, typeof(int), nameof(Sse41.Max), "ab", Owner: typeof(Sse41)),
        new(Opcode.I32x4MaxU, typeof(uint), nameof(Sse41.Max), "ab", Owner: typeof(Sse41)),
        new(Opcode.I64x2Eq, typeof(long), nameof(Sse41.CompareEqual), "ab", Owner: typeof(Sse41)),
        new(Opcode.I16x8NarrowI32x4U, typeof(int), nameof(Sse41.PackUnsignedSaturate), "ab", Owner: typeof(Sse41)),
    ];

    private static Row[] Sse42Rows =>
    [
        new(Opcode.I64x2GtS, typeof(long), nameof(Sse42.CompareGreaterThan), "ab", Owner: typeof(Sse42)),
        new(Opcode.I64x2LtS, typeof(long), nameof(Sse42.CompareGreaterThan), "ba", Owner: typeof(Sse42)),
    ];
}
