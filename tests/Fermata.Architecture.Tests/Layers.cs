namespace Fermata.Architecture.Tests;

/// <summary>The layers of the engine, from the lowest up, and what each may use: this is the list of allowed arrows.</summary>
/// <param name="Name">The folder, and the namespace below <c>Fermata</c>.</param>
/// <param name="Uses">The layers that it may name.</param>
internal sealed record Layers(string Name, params string[] Uses)
{
    public static readonly Layers[] All =
    [
        new("Structure"),
        new("Binary", "Structure"),
        new("Text", "Structure", "Binary"),
        new("Validation", "Structure", "Binary"),
        new("Merging", "Structure", "Binary", "Validation"),
        new("Runtime", "Structure", "Binary", "Text", "Validation"),
        new("Compilation", "Structure", "Binary", "Validation", "Runtime"),
        new("Hosting", "Structure", "Binary", "Text", "Validation", "Merging", "Runtime", "Compilation"),
    ];
}
