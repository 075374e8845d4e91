namespace Fermata.Fuzz.Soak;

/// <summary>A call that a run makes, on a thread of its own.</summary>
/// <param name="Function">The number of the function.</param>
/// <param name="Argument">Its argument, which calls count down.</param>
/// <param name="IsPromising">Whether it can be suspended.</param>
internal sealed record SoakCall(int Function, int Argument, bool IsPromising)
{
    public static SoakCall Make(RandomSource random, HostileModule module) =>
        new(random.Below(module.Functions), random.Below(1 << random.Below(20)), !random.OneIn(3));

    public override string ToString() => $"{(IsPromising ? "promising" : "synchronous")} f{Function}({Argument})";
}
