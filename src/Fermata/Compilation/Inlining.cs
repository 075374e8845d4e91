using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>What was inlined in a function.</summary>
/// <param name="FirstLocal">The index of the first local that is of a callee: so many the function itself has.</param>
/// <param name="Locals">The types of those from there on.</param>
/// <param name="Calls">The calls in whose place callees stand, by the number of the activation less one.</param>
internal sealed record Inlining(int FirstLocal, IReadOnlyList<ValType> Locals, InlinedCall[] Calls)
{
    public static Inlining None { get; } = new(int.MaxValue, [], []);

    /// <summary>Whether a local is of a callee.</summary>
    public bool HasLocal(int local) => local >= FirstLocal;
}
