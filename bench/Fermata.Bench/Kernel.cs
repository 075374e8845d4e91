namespace Fermata.Bench;

/// <summary>A function that only computes, the same in each engine.</summary>
/// <param name="Name">Its row, and the file in <c>bench/kernels</c>.</param>
/// <param name="Argument">How much it does: some 20 to 60 ms in V8.</param>
/// <param name="Description">A line for the help text.</param>
internal sealed record Kernel(string Name, int Argument, string Description)
{
    /// <summary>The module of <c>bench/modules</c> that it is in, which has its name, if it is not compiled from C.</summary>
    public string? Text { get; init; }

    /// <summary>Whether it is a file in C.</summary>
    public bool IsC => Text is null;

    /// <summary>The exported function.</summary>
    public string Export => Text ?? "run";

    /// <summary>The path of its module.</summary>
    public string Module => Text is null ? KernelBuild.Output(Name, ".wasm") : BenchFolder.Path("modules", Text + ".wasm");

    /// <summary>The path of its library for this machine.</summary>
    public string Library => KernelBuild.Output(Name, ".so");
}
