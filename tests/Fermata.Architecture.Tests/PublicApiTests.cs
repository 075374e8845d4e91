using System.Text;
using PublicApiGenerator;

namespace Fermata.Architecture.Tests;

/// <summary>What a package makes public is what its approved file says: a change of it is meant, and seen in review.</summary>
public sealed class PublicApiTests
{
    private const string Folder = "tests/Fermata.Architecture.Tests";

    /// <summary>The packages: a type of each, and what stands in the names of its files.</summary>
    public static TheoryData<Type, string> Packages => new()
    {
        { typeof(Engine), "" },
        { typeof(Durable.DurableHost), ".Durable" },
        { typeof(Emscripten.EmscriptenProgram), ".Emscripten" },
        { typeof(Orleans.IDurableStoreGrain), ".Orleans" },
        { typeof(Platform.Errno), ".Platform" },
        { typeof(Python.PythonRuntime), ".Python" },
        { typeof(Python.AI.ExecuteCodeFunction), ".Python.AI" },
        { typeof(Wasi.WasiProgram), ".Wasi" },
    };

    [Theory]
    [MemberData(nameof(Packages))]
    public void NothingIsPublicThatWasNotApproved(Type type, string package)
    {
        var (approvedName, receivedName) = ($"PublicApi{package}.approved.txt", $"PublicApi{package}.received.txt");
        // What Orleans generates is nobody's to use. The name of a state machine tells how many members stand before it.
        var options = new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            DenyNamespacePrefixes = ["System", "Microsoft", "OrleansCodeGen"],
            ExcludeAttributes = ["System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute"],
        };
        var received = type.Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n") + "\n";
        var folder = Path.Combine(RepositoryFolder.Path, Folder);
        var approvedFile = Path.Combine(folder, approvedName);
        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        var receivedFile = Path.Combine(folder, receivedName);
        if (received == approved)
        {
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        Assert.Fail(
            $"The public interface of {type.Assembly.GetName().Name} changed:\n{Difference(approved.Split('\n'), received.Split('\n'))}\n" +
            $"If that is meant, accept it:\n\n    mv {Folder}/{receivedName} {Folder}/{approvedName}\n");
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
