namespace Fermata.Samples;

/// <summary>One of the eleven programs.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Explanation">What it shows.</param>
/// <param name="RunAsync">Its host.</param>
public sealed record Sample(string Name, string Explanation, Func<SampleConsole, Task> RunAsync)
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        new("01-basic", "Synchronous C calls an async C# method and simply gets the result.", Basic.RunAsync),
        new("02-separate-await", "C starts two operations and waits for them later; to C, a task is an opaque reference.", SeparateAwait.RunAsync),
        new("03-reentrancy-trouble", "Waiting calls share the C stack in linear memory. With the engine's protection off they overwrite each other.", ReentrancyTrouble.RunAsync),
        new("04-simple-fix", "The same program; the host takes each call's part of the C stack away while the call waits.", SimpleFix.RunAsync),
        new("05-full-fix", "The same program; the engine does it, and only where two calls want the same place. No host code.", FullFix.RunAsync),
        new("06-function-pointer-cast", "C calls a function through a pointer with one argument too many, and traps.", FunctionPointerCast.RunAsync),
        new("07-host-frame", "The host makes that call instead. It works, until the function has to wait.", HostFrame.RunAsync),
        new("08-counting-arguments", "The host, or a few lines of WebAssembly text, tell how many arguments a pointer takes. No host in between: it may wait.", CountingArguments.RunAsync),
        new("09-clang-intrinsic", "The same question asked in C, with a builtin of clang.", ClangIntrinsic.RunAsync),
        new("10-libc", "Standard C with printf, malloc and qsort, which waits in the middle, and exits: nothing can catch that.", Libc.RunAsync),
        new("11-two-steps", "200 calls wait, and each gets its result through a pointer to its own C stack.", TwoSteps.RunAsync),
    ];

    /// <summary>Exactly what a run prints.</summary>
    public string Expected => File.ReadAllText(SampleFiles.PathOf($"{Name}/expected.txt")).ReplaceLineEndings("\n");

    /// <summary>Where a transcript first differs from the expected one; null if it does not.</summary>
    public string? FindDifference(string transcript)
    {
        var expected = Expected.Split('\n');
        var found = transcript.Split('\n');
        for (var i = 0; i < Math.Max(expected.Length, found.Length); i++)
        {
            if (expected.ElementAtOrDefault(i) != found.ElementAtOrDefault(i))
                return $"Line {i + 1} should be \"{expected.ElementAtOrDefault(i)}\" but is \"{found.ElementAtOrDefault(i)}\".";
        }

        return null;
    }
}
