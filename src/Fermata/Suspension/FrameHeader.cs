namespace Fermata.Suspension;

/// <summary>The first number of a saved frame: which function, which site, and how much is saved.</summary>
/// <remarks>
/// Frames of one instance mostly stand together, so a frame holds its instance (as its first reference) only where it
/// differs from the frame saved before it; or, for the first of a segment, from the instance of the function that was called.
/// </remarks>
internal static class FrameHeader
{
    public const ulong InstanceFollows = 1UL << 63;

    /// <summary>Stands for this many numbers or references or more; then the site tells.</summary>
    public const int Many = 511;

    private const int SiteShift = 24;
    private const int NumbersShift = 44;
    private const int ReferencesShift = 53;

    /// <param name="function">The index of the function, of which there are at most a million in a module.</param>
    /// <param name="site">The number of the site, of which there are at most 20,000 in a function.</param>
    /// <param name="numbers">How many numbers are saved.</param>
    /// <param name="references">How many references are saved.</param>
    public static ulong Create(int function, int site, int numbers, int references) =>
        (uint)function
        | ((ulong)(uint)site << SiteShift)
        | ((ulong)(uint)Math.Min(numbers, Many) << NumbersShift)
        | ((ulong)(uint)Math.Min(references, Many) << ReferencesShift);

    public static int Function(ulong header) => (int)header & ((1 << SiteShift) - 1);

    public static int Site(ulong header) => (int)(header >> SiteShift) & ((1 << (NumbersShift - SiteShift)) - 1);

    public static int Numbers(ulong header) => (int)(header >> NumbersShift) & Many;

    public static int References(ulong header) => (int)(header >> ReferencesShift) & Many;
}
