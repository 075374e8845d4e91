namespace Fermata.Suspension;

/// <summary>The part of a C stack in linear memory that a fiber uses: from <c>Low</c>, its stack pointer, up to <c>High</c>, where it began.</summary>
internal struct StackSlice
{
    public ulong Low;
    public ulong High;

    /// <summary>The bytes, while they are not in their place.</summary>
    public byte[]? Copy;
}
