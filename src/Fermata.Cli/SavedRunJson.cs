using System.Text.Json.Serialization;

namespace Fermata.Cli;

/// <summary>How a <see cref="SavedRun"/> is JSON.</summary>
[JsonSerializable(typeof(SavedRun))]
internal sealed partial class SavedRunJson : JsonSerializerContext;
