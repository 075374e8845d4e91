using System.Text.Json;

namespace Fermata.Cli;

/// <summary>What a snapshot has of <c>fermata run</c>. It is not trusted.</summary>
/// <param name="Module">The path of the module.</param>
/// <param name="Export">The exported function that was called; null for <c>_start</c>.</param>
internal sealed record SavedRun(string Module, string? Export)
{
    /// <summary>What it is called in snapshots.</summary>
    public const string Name = "fermata run";

    /// <summary>What a snapshot has of it; null if it is of something else.</summary>
    public static SavedRun? Of(SnapshotInfo snapshot)
    {
        try
        {
            return snapshot.Data.TryGetValue(Name, out var data) ? JsonSerializer.Deserialize(data.Span, SavedRunJson.Default.SavedRun) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SavedRunJson.Default.SavedRun);
}
