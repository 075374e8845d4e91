using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Fermata.Fuzz.Running;

namespace Fermata.Fuzz;

/// <summary>A plan and what V8 says of it.</summary>
internal sealed record RecordedPlan(Plan Plan, List<string> Lines);

/// <summary>A file of recorded plans: a JSON text a line, compressed.</summary>
internal static class Recording
{
    /// <summary>Asks V8 and writes. Plans that V8 cannot end are left out.</summary>
    public static void Write(string path, IReadOnlyList<Plan> plans)
    {
        var folder = Directory.CreateTempSubdirectory("fermata-fuzz");
        try
        {
            using var v8 = new V8Runner(folder.FullName);
            using var writer = new StreamWriter(new BrotliStream(File.Create(path), CompressionLevel.SmallestSize), new UTF8Encoding(false));
            foreach (var (plan, lines) in plans.Zip(v8.Run(plans)))
            {
                if (lines is not null)
                    writer.Write(JsonSerializer.Serialize(new RecordedPlan(plan, lines), Json.Options) + "\n");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static IEnumerable<RecordedPlan> Read(Stream stream)
    {
        using var reader = new StreamReader(new BrotliStream(stream, CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            yield return JsonSerializer.Deserialize<RecordedPlan>(line, Json.Options)!;
    }
}
