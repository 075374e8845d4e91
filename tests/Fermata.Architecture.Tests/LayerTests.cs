using System.Text.RegularExpressions;

namespace Fermata.Architecture.Tests;

public sealed partial class LayerTests
{
    [Fact(Skip = Heavy.SkipReason)]
    public void NoLayerNamesOneAboveIt()
    {
        var wrong = SourceReferences.All
            .Where(reference => !Layers.All.First(layer => layer.Name == SourceReferences.LayerOf(reference.File)).Uses.Contains(reference.Layer))
            .Select(reference => reference.ToString())
            .ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} references that Layers.cs does not allow:\n{string.Join('\n', wrong)}");
    }

    [Fact(Skip = Heavy.SkipReason)]
    public void EachAllowedArrowIsUsed()
    {
        var used = SourceReferences.All.Select(reference => (SourceReferences.LayerOf(reference.File), reference.Layer)).ToHashSet();
        var unused = Layers.All.SelectMany(layer => layer.Uses, (layer, used) => (layer.Name, used)).Where(arrow => !used.Contains(arrow));
        Assert.Empty(unused);
    }

    [Fact(Skip = Heavy.SkipReason)]
    public void EachFileIsInALayerAndInItsNamespaceOrThePublicOne()
    {
        Assert.All(SourceReferences.Files, file =>
        {
            Assert.Contains(SourceReferences.LayerOf(file), Layers.All.Select(layer => layer.Name));
            if (Namespace().Match(File.ReadAllText(file)) is { Success: true } found)
                Assert.Contains(found.Groups[1].Value, new[] { "Fermata", "Fermata." + SourceReferences.LayerOf(file) });
        });
    }

    [Fact(Skip = Heavy.SkipReason)]
    public void EachFolderSaysWhatItDoesAndWhatItMayUse()
    {
        Assert.All(SourceReferences.Files.Select(file => Path.GetDirectoryName(file)!).Distinct(), folder =>
        {
            var lines = File.ReadAllLines(Path.Combine(folder, "README.md"));
            Assert.Equal(3, lines.Length);
            Assert.Contains(lines, line => line.StartsWith("May use: ", StringComparison.Ordinal));
        });
    }

    [GeneratedRegex(@"^namespace (Fermata[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
