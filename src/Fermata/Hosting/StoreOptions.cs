namespace Fermata;

/// <summary>How a store runs its calls.</summary>
public sealed record class StoreOptions
{
    /// <summary>The options of <c>new Store(engine)</c>.</summary>
    public static StoreOptions Default { get; } = new();

    /// <summary>How suspended calls share the C stack. Default: <see cref="ShadowStackPolicy.CopyOnConflict"/>.</summary>
    public ShadowStackPolicy ShadowStack { get; init; }

    /// <summary>
    /// Whether a suspending import suspends even if its task is already complete, as JSPI does. Default: false, as C#'s await.
    /// </summary>
    public bool AlwaysSuspend { get; init; }
}
