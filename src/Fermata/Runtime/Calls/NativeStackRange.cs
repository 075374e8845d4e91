namespace Fermata.Runtime;

/// <summary>The part of a thread's stack that a run of WebAssembly code may use. It grows down.</summary>
/// <param name="Start">The address where the run started.</param>
/// <param name="Limit">The lowest address that it may reach.</param>
internal readonly record struct NativeStackRange(nuint Start, nuint Limit)
{
    /// <summary>Whether a run that has used nothing yet has so many bytes.</summary>
    public bool HasRoom(nuint bytes) => Start >= Limit && Start - Limit >= bytes;
}
