namespace Fermata.Durable;

/// <summary>What came of taking a store by its name.</summary>
/// <param name="Store">The store, which runs here now; null if it is not due.</param>
/// <param name="Due">When it is due by itself, in milliseconds since 1970, if it is not due yet; null if it is never.</param>
/// <param name="IsLive">Whether there are calls in it that have not ended.</param>
internal sealed record TakenStore(RunningStore? Store, long? Due, bool IsLive);
