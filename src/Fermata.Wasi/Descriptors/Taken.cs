using Fermata.Platform;
using Fermata.Platform.Network;

namespace Fermata.Wasi;

/// <summary>What a call read.</summary>
/// <param name="Count">How many bytes.</param>
/// <param name="Delivery">Their way to the call, where they are gone for others once they were read, and are given back if it is cancelled.</param>
internal readonly record struct Taken(int Count, Delivery? Delivery)
{
    public static async ValueTask<Result<Taken>> Of(ValueTask<Result<int>> read) =>
        await read.ConfigureAwait(false) is var result && result.TryGet(out var count) ? new Taken(count, null) : result.Error;
}
