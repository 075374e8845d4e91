using Fermata.Platform;
using Fermata.Platform.Network;

namespace Fermata.Wasi;

/// <summary>What a call read.</summary>
/// <param name="Count">How many bytes, or the error that it is told of when it goes on.</param>
/// <param name="Delivery">Their way to the call, where something is done when they are there, or when they are not, as the call was cancelled.</param>
internal readonly record struct Taken(Result<int> Count, IDelivery? Delivery)
{
    public static async ValueTask<Result<Taken>> Of(ValueTask<Result<int>> read) =>
        await read.ConfigureAwait(false) is var result && result.TryGet(out var count) ? new Taken(count, null) : result.Error;
}
