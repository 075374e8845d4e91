namespace Fermata.Wasi.Tests;

/// <summary>An input that fails.</summary>
internal sealed class FaultyInput : InputStream
{
    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new FaultException();

    public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) => throw new FaultException();
}

/// <summary>An output that fails.</summary>
internal sealed class FaultyOutput : OutputStream
{
    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => throw new FaultException();

    /// <summary>Tells by its result that it fails, so that the end of the program, which flushes it, does not.</summary>
    public override ValueTask<Errno> FlushAsync(CancellationToken cancellationToken = default) => new(Errno.EIO);
}
