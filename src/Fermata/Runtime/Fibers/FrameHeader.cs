namespace Fermata.Runtime;

/// <summary>The first number of a saved frame: which function, which site, and how much is saved.</summary>
/// <remarks>
/// Frames of one instance mostly stand together, so a frame holds its instance (as its first reference) only where it
/// differs from the frame saved before it; or, for the first of a segment, from the instance of the function that was called.
/// </remarks>
internal static class FrameHeader
{
    public const ulong InstanceFollows = 1UL << 63;

    /// <summary>There are more numbers or references than a header can tell: the site tells.</summary>
    public const ulong IsLarge = 1UL << 62;

    private const int MostCounted = 511;
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
        | (numbers > MostCounted || references > MostCounted
            ? IsLarge
            : ((ulong)(uint)numbers << NumbersShift) | ((ulong)(uint)references << ReferencesShift));

    /// <summary>Whether the frame is of the same instance as the one before, holds no references, and not very many numbers. Most do.</summary>
    public static bool IsSimple(ulong header) => header < 1UL << ReferencesShift;

    /// <summary>The length of a simple frame, in numbers.</summary>
    public static int LengthOfSimple(ulong header) => 1 + (int)(header >> NumbersShift);

    public static int Function(ulong header) => (int)header & ((1 << SiteShift) - 1);

    public static int Site(ulong header) => (int)(header >> SiteShift) & ((1 << (NumbersShift - SiteShift)) - 1);

    public static int Numbers(ulong header) => (int)(header >> NumbersShift) & MostCounted;

    public static int References(ulong header) => (int)(header >> ReferencesShift) & MostCounted;
}
