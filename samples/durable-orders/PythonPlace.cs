using System.Text.Json;

namespace Fermata.Samples.DurableOrders;

/// <summary>Where an order in Python waits, as the last line that it has printed tells.</summary>
/// <param name="Stack">Its functions with their lines, from the outermost to the one that the host does.</param>
/// <param name="Request">What that function was asked.</param>
/// <param name="Until">When the wait ends, if it ends by itself, in seconds since 1970.</param>
internal sealed record PythonPlace(IReadOnlyList<string> Stack, JsonElement Request, double? Until);
