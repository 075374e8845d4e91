using System.Text;
using PublicApiGenerator;

namespace Fermata.Architecture.Tests;

/// <summary>What the package makes public is what PublicApi.approved.txt says: a change of it is meant, and seen in review.</summary>
public sealed class PublicApiTests
{
    private const string Folder = "tests/Fermata.Architecture.Tests";
    private const string ApprovedName = "PublicApi.approved.txt";
    private const string ReceivedName = "PublicApi.received.txt";

    [Fact]
    public void NothingIsPublicThatWasNotApproved()
    {
        var received = typeof(Engine).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        var folder = Path.Combine(RepositoryFolder.Path, Folder);
        var approved = File.ReadAllText(Path.Combine(folder, ApprovedName)).ReplaceLineEndings("\n");
        var receivedFile = Path.Combine(folder, ReceivedName);
        if (received == approved)
        {
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        Assert.Fail(
            $"The public interface of Fermata changed:\n{Difference(approved.Split('\n'), received.Split('\n'))}\n" +
            $"If that is meant, accept it:\n\n    mv {Folder}/{ReceivedName} {Folder}/{ApprovedName}\n");
    }

    /// <summary>The lines that are in one of the texts only, with the type that they are in.</summary>
    private static string Difference(string[] approved, string[] received)
    {
        var text = new StringBuilder();
        foreach (var line in Lines(approved).Except(Lines(received)))
            text.Append("- ").AppendLine(line);
        foreach (var line in Lines(received).Except(Lines(approved)))
            text.Append("+ ").AppendLine(line);
        return text.ToString();
    }

    private static IEnumerable<string> Lines(string[] lines)
    {
        var type = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("    public ", StringComparison.Ordinal))
                type = line.Trim();
            yield return line.StartsWith("        ", StringComparison.Ordinal) ? $"{type} … {line.Trim()}" : line.Trim();
        }
    }
}
