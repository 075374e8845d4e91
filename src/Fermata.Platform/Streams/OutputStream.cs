using System.IO.Pipelines;

namespace Fermata.Platform;

/// <summary>Where bytes go that a program writes in their order: standard output, above all.</summary>
public abstract class OutputStream
{
    /// <summary>Bytes are dropped.</summary>
    public static OutputStream Null { get; } = new StreamOutput(Stream.Null);

    /// <summary>Standard output of this process.</summary>
    public static OutputStream Console { get; } = new ConsoleOutput(1, System.Console.OpenStandardOutput, static () => System.Console.IsOutputRedirected);

    /// <summary>Standard error of this process.</summary>
    public static OutputStream ConsoleError { get; } = new ConsoleOutput(2, System.Console.OpenStandardError, static () => System.Console.IsErrorRedirected);

    /// <summary>Whether a person may be at its other end.</summary>
    public virtual bool IsTerminal => false;

    /// <summary>Writes to a .NET stream, which is not disposed. It is flushed when the program asks for it, and when the program ends, if it has written anything since.</summary>
    /// <param name="stream">The stream.</param>
    public static OutputStream To(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new StreamOutput(stream);
    }

    /// <summary>Writes to a pipe, which is not completed.</summary>
    /// <param name="pipe">The pipe; nobody else may write to it.</param>
    public static OutputStream To(PipeWriter pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return new PipeOutput(pipe);
    }

    /// <summary>Writes text, of bytes in UTF-8; what is none becomes U+FFFD, and so does the beginning of a character when it is flushed.</summary>
    /// <param name="writer">Where the text goes to; it is not disposed.</param>
    public static OutputStream To(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new TextOutput(writer);
    }

    /// <summary>Writes to a .NET stream: <see cref="To(Stream)"/>.</summary>
    /// <param name="stream">The stream.</param>
    public static implicit operator OutputStream(Stream stream) => To(stream);

    /// <summary>Writes to a pipe: <see cref="To(PipeWriter)"/>.</summary>
    /// <param name="pipe">The pipe.</param>
    public static implicit operator OutputStream(PipeWriter pipe) => To(pipe);

    /// <summary>Writes text: <see cref="To(TextWriter)"/>.</summary>
    /// <param name="writer">Where the text goes to.</param>
    public static implicit operator OutputStream(TextWriter writer) => To(writer);

    /// <summary>Writes all of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns><see cref="Errno.EPIPE"/> if nobody reads them any more, or another error after which they may be written in part.</returns>
    public abstract ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default);

    /// <summary>Sees to it that what was written is on its way.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> FlushAsync(CancellationToken cancellationToken = default) => new(Errno.None);

    /// <summary>Waits until a write would not wait for long, as far as that is known.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> WaitAsync(CancellationToken cancellationToken = default) => new(Errno.None);
}
