using Fermata.Platform;

namespace Fermata.Wasi;

/// <summary>A standard stream.</summary>
internal sealed class StreamDescriptor : Descriptor
{
    private readonly InputStream? _input;
    private readonly OutputStream? _output;

    /// <summary>Calls write one after the other, so that the pieces of none are among those of another.</summary>
    private readonly Turns _turns = new();

    public StreamDescriptor(InputStream input)
        : base(TypeOf(input.IsTerminal), Rights.OfStream & ~Rights.FdWrite, Rights.None, FdFlags.None) => _input = input;

    public StreamDescriptor(OutputStream output)
        : base(TypeOf(output.IsTerminal), Rights.OfStream & ~Rights.FdRead, Rights.None, FdFlags.Append) => _output = output;

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_input is null)
            return new(Errno.EBADF);
        return (Flags & FdFlags.Nonblock) == 0 ? _input.ReadAsync(buffer, cancellationToken) : TryReadAsync(_input, buffer, cancellationToken);
    }

    public override async ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_output is null)
            return Errno.EBADF;
        using var turn = await _turns.EnterAsync(cancellationToken).ConfigureAwait(false);
        return await InPiecesAsync(
            buffer.Length,
            static async (all, start, length, token) =>
            {
                var error = await all._output.WriteAsync(all.buffer.Slice(start, length), token).ConfigureAwait(false);
                return error == Errno.None ? length : error;
            },
            (_output, buffer), cancellationToken).ConfigureAwait(false);
    }

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken) => _output is null ? new(Errno.EINVAL) : _output.FlushAsync(cancellationToken);

    public override async ValueTask<Readiness> WaitReadableAsync(CancellationToken cancellationToken)
    {
        if (_input is null)
            return new Readiness(Errno.EBADF);
        var result = await _input.WaitAsync(cancellationToken).ConfigureAwait(false);
        return result.TryGet(out var count) ? new Readiness(Errno.None, count, count == 0) : new Readiness(result.Error);
    }

    public override async ValueTask<Readiness> WaitWritableAsync(CancellationToken cancellationToken) =>
        new(_output is null ? Errno.EBADF : await _output.WaitAsync(cancellationToken).ConfigureAwait(false));

    // A device of characters is what isatty takes for a terminal.
    private static FileType TypeOf(bool isTerminal) => isTerminal ? FileType.CharacterDevice : FileType.Unknown;

    private static ValueTask<Result<int>> TryReadAsync(InputStream input, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // What is asked for here stays in the stream for whoever reads next.
        var wait = input.WaitAsync(cancellationToken);
        return wait.IsCompleted ? input.ReadAsync(buffer, cancellationToken) : new(Errno.EAGAIN);
    }
}
