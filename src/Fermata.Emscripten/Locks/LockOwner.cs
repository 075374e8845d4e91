namespace Fermata.Emscripten.Locks;

/// <summary>Who has locks: a program, or what it has opened (an "open file description"). Its own locks are in nobody's way but others'.</summary>
/// <param name="isProgram">Whether it is a program.</param>
internal sealed class LockOwner(bool isProgram)
{
    public bool IsProgram => isProgram;

    /// <summary>The files in which it has locks, or waits for one. The lock of the table guards them.</summary>
    public HashSet<FileIdentity> Files { get; } = [];
}
