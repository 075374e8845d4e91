using System.Globalization;

namespace Fermata;

/// <summary>
/// Names one call of a suspending import, the same whenever the call is made again because its store was restored from a snapshot. So a host function that keeps what
/// it did under the key does it once.
/// </summary>
/// <param name="Store">The store, <see cref="Fermata.Store.Id"/>.</param>
/// <param name="Call">The number of the promising call in its store, <see cref="FiberInfo.Id"/>.</param>
/// <param name="Wait">How many calls of suspending imports the promising call had made with this one.</param>
public readonly record struct CallKey(Guid Store, long Call, long Wait)
{
    /// <summary>The three parts with slashes between them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Store}/{Call}/{Wait}");
}
