namespace Fermata.Bench;

/// <summary>A row of the table: something in Fermata, and the same in other engines.</summary>
/// <param name="Name">The name of the row.</param>
/// <param name="Unit">What is measured; less is better.</param>
/// <param name="Description">A line for the help text.</param>
/// <param name="Create">Prepares the benchmark in Fermata.</param>
internal sealed record BenchmarkEntry(string Name, string Unit, string Description, Func<IBenchmark> Create)
{
    /// <summary>The name of the script in <c>bench/v8</c>.</summary>
    public string Script { get; init; } = Name;

    /// <summary>Whether each round needs a process of its own, and no warming up.</summary>
    public bool IsOneShot { get; init; }

    /// <summary>Whether it is measured in V8, too.</summary>
    public bool IsInV8 { get; init; } = true;

    /// <summary>Prepares the same in Wasmtime; null if it is not measured there.</summary>
    public Func<IBenchmark>? CreateInWasmtime { get; init; }
}
