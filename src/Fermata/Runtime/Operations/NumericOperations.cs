namespace Fermata.Runtime;

/// <summary>
/// The numeric instructions that are not one instruction of IL: a method each, named as in <see cref="Structure.Opcode"/>.
/// </summary>
/// <remarks>
/// Section 4.3 "Numerics". Small methods are inlined into generated code; they are written so that a constant operand
/// folds their checks away. Where the specification leaves the bits of a NaN open, the hardware chooses them, but a
/// result that went through arithmetic is always quiet (section 4.3.3 "Floating-Point Operations", NaN propagation).
/// </remarks>
internal static partial class NumericOperations
{
}
