using System.IO.Pipelines;
using System.Text;

namespace Fermata.Platform;

/// <summary>Bytes that a program reads in their order: standard input, above all.</summary>
/// <remarks>A read that is cancelled loses nothing: what arrives later stays for the next one.</remarks>
public abstract class InputStream
{
    /// <summary>No bytes.</summary>
    public static InputStream Empty { get; } = new BytesInput(default);

    /// <summary>Standard input of this process.</summary>
    public static InputStream Console { get; } = new ConsoleInput();

    /// <summary>Whether a person may be at its other end.</summary>
    public virtual bool IsTerminal => false;

    /// <summary>The bytes of a .NET stream, which is not disposed.</summary>
    /// <param name="stream">The stream.</param>
    public static InputStream From(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new StreamInput(stream);
    }

    /// <summary>The bytes of a pipe, which is not completed.</summary>
    /// <param name="pipe">The pipe; nobody else may read it.</param>
    public static InputStream From(PipeReader pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return new StreamInput(pipe.AsStream(leaveOpen: true));
    }

    /// <summary>A text in UTF-8.</summary>
    /// <param name="text">The text.</param>
    public static InputStream From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new BytesInput(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Bytes that are there already.</summary>
    /// <param name="bytes">The bytes.</param>
    public static InputStream From(ReadOnlyMemory<byte> bytes) => new BytesInput(bytes);

    /// <summary>The bytes of a .NET stream: <see cref="From(Stream)"/>.</summary>
    /// <param name="stream">The stream.</param>
    public static implicit operator InputStream(Stream stream) => From(stream);

    /// <summary>The bytes of a pipe: <see cref="From(PipeReader)"/>.</summary>
    /// <param name="pipe">The pipe.</param>
    public static implicit operator InputStream(PipeReader pipe) => From(pipe);

    /// <summary>A text in UTF-8: <see cref="From(string)"/>.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator InputStream(string text) => From(text);

    /// <summary>Reads what is there, and waits where nothing is.</summary>
    /// <param name="buffer">Where the bytes go to.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>How many were read; 0 at the end.</returns>
    public abstract ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Waits until a read would not wait.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>How many bytes can be read at least; 0 at the end.</returns>
    public abstract ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default);
}
