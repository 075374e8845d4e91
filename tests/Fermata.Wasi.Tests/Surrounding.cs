namespace Fermata.Wasi.Tests;

/// <summary>What a program in C is given; <see cref="GivenSurrounding"/> says what that is.</summary>
public enum Surrounding
{
    /// <summary>An empty file system in memory.</summary>
    Memory,

    /// <summary>An empty directory of the host.</summary>
    Host,

    /// <summary>The example, which cannot be written.</summary>
    ReadOnlyMemory,

    /// <inheritdoc cref="ReadOnlyMemory"/>
    ReadOnlyHost,

    /// <inheritdoc cref="ReadOnlyMemory"/>
    Zip,

    /// <inheritdoc cref="ReadOnlyMemory"/>
    Tar,

    /// <summary>An archive that is larger than it may be.</summary>
    LargeArchive,

    /// <summary>A file system with little room.</summary>
    Full,

    /// <summary>Two file systems.</summary>
    TwoMemories,

    /// <inheritdoc cref="TwoMemories"/>
    MemoryAndHost,

    /// <inheritdoc cref="TwoMemories"/>
    HostAndMemory,

    /// <summary>The example below an empty file system.</summary>
    Overlay,

    /// <summary>A directory of the host with a pipe and a socket, and its devices.</summary>
    SpecialFiles,

    /// <summary>Standard streams at whose other end nothing happens.</summary>
    IdleStreams,

    /// <summary>A file system and standard streams that fail.</summary>
    Faults,

    /// <summary>Sockets that the host has made.</summary>
    Sockets,

    /// <summary>A network in which the program makes sockets.</summary>
    Network,
}
