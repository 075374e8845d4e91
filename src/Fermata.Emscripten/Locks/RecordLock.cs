using Fermata.Platform.FileSystems;

namespace Fermata.Emscripten.Locks;

/// <summary>A lock that an owner has, or wants.</summary>
internal sealed record RecordLock(LockOwner Owner, LockRange Range, LockKind Kind)
{
    /// <summary>Whether one of them must wait for the other.</summary>
    public bool Excludes(RecordLock other) =>
        Owner != other.Owner && Range.Overlaps(other.Range) && (Kind, other.Kind) is (LockKind.Exclusive, not LockKind.None) or (LockKind.Shared, LockKind.Exclusive);
}
