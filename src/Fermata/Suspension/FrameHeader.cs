namespace Fermata.Suspension;

/// <summary>The first number of a saved frame: which function, which call site.</summary>
/// <remarks>
/// Frames of one instance mostly stand together, so a frame holds its instance (as its first reference) only where it
/// differs from the frame saved before it; or, for the first of a segment, from the instance of the function that was called.
/// </remarks>
internal static class FrameHeader
{
    public const ulong InstanceFollows = 1UL << 63;

    public static ulong Create(int function, int site) => ((ulong)(uint)site << 32) | (uint)function;

    public static int Function(ulong header) => (int)(uint)header;

    public static int Site(ulong header) => (int)((header & ~InstanceFollows) >> 32);
}
