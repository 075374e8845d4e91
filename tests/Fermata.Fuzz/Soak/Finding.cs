namespace Fermata.Fuzz.Soak;

/// <summary>What hurt the process, or the store.</summary>
/// <param name="Seed">What makes the module and its runs again.</param>
/// <param name="Problem">What was violated.</param>
/// <param name="Options">The options of the engine and the run.</param>
/// <param name="Text">The module in the text format.</param>
internal sealed record Finding(ulong Seed, string Problem, string Options, string Text)
{
    public override string ToString() => $"FOUND with --seed {Seed} --count 1: {Problem}\n{Options}\n{Text}";
}
