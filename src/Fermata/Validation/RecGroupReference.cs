namespace Fermata.Validation;

/// <summary>A weak reference to a recursive group.</summary>
/// <remarks>It holds on through resurrection: whatever a finalizer brings back has the types that it had, and there are no others like them.</remarks>
internal sealed class RecGroupReference(RecGroup group) : WeakReference(group, trackResurrection: true)
{
    /// <summary>The group; null if it is gone.</summary>
    public RecGroup? Group => (RecGroup?)Target;

    /// <summary>The hash of the group's key, also when the group is gone.</summary>
    public int KeyHash { get; } = group.Key.GetHashCode();

    /// <summary>The identity of the first member.</summary>
    public int FirstId { get; } = group.Members[0].Id;
}
