namespace Fermata.Platform.FileSystems;

/// <summary>The bytes of a file of an archive. May be used by several threads at once.</summary>
internal abstract class ArchiveContent
{
    public abstract long Length { get; }

    /// <summary>A handle was opened.</summary>
    public virtual void WasOpened()
    {
    }

    /// <summary>A handle was closed.</summary>
    public virtual void WasClosed()
    {
    }

    /// <summary>Reads up to the end.</summary>
    /// <param name="buffer">Where the bytes go to.</param>
    /// <param name="offset">Where they are, not negative.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public abstract Result<int> Read(Span<byte> buffer, long offset, CancellationToken cancellationToken);
}
