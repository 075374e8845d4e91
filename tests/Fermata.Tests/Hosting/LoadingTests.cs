using System.Buffers;
using Fermata.Hosting;

namespace Fermata.Tests.Hosting;

/// <summary>Loading modules from streams and files, and making their code beforehand.</summary>
public sealed class LoadingTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000_000)]
    public async Task AModuleIsReadFromAStreamInWhateverPieces(int piece)
    {
        var bytes = Module.Parse(_guest.Engine, $"""(memory 2) (data (i32.const 0) "{new string('x', 100_000)}") (func (export "f") (result i32) (i32.const 7))""").ToBytes();
        var stream = new PieceStream([1, 2, 3, .. bytes], piece) { Position = 3 };
        var module = await Module.LoadAsync(_guest.Engine, stream);
        Assert.Equal(bytes, module.ToBytes());
        Assert.Equal(7, module.Instantiate(_guest.Store).GetFunction<Func<int>>("f")());
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task WhatIsNoModuleFailsTheTask()
    {
        await Assert.ThrowsAsync<MalformedModuleException>(() => Module.LoadAsync(_guest.Engine, new MemoryStream([1, 2, 3])));
        await Assert.ThrowsAsync<MalformedModuleException>(() => Module.LoadAsync(_guest.Engine, new MemoryStream()));
        var failure = new IOException();
        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => Module.LoadAsync(_guest.Engine, new PieceStream([1], 1) { Failure = failure })));
    }

    [Fact]
    public async Task ReadingCanBeCancelled()
    {
        using var source = new CancellationTokenSource();
        var loading = Module.LoadAsync(_guest.Engine, new PieceStream([], 1) { WaitsForever = true }, source.Token);
        Assert.False(loading.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading);
    }

    [Fact]
    public async Task AFileIsReadAsAStreamIs()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, Module.Parse(_guest.Engine, """(func (export "f"))""").ToBytes());
            Assert.Equal("f", Assert.Single((await Module.LoadFileAsync(_guest.Engine, path)).Exports).Name);
        }
        finally
        {
            File.Delete(path);
        }

        await Assert.ThrowsAsync<FileNotFoundException>(() => Module.LoadFileAsync(_guest.Engine, path));
    }

    [Fact]
    public async Task AStreamIsNotReadBeyondTheLimit()
    {
        var stream = new PieceStream(new byte[1_000_000], 1_000);
        var error = await Assert.ThrowsAsync<LoadLimitException>(() => ModuleStream.ReadAsync(stream, 2_500, CancellationToken.None));
        Assert.Equal("MaxModuleBytes", error.Option);
        Assert.InRange(stream.Position, 2_501, 3_500);
        Assert.Equal(2_500, (await ModuleStream.ReadAsync(new PieceStream(new byte[2_500], 1_000), 2_500, CancellationToken.None)).Length);
    }

    [Fact]
    public void AModuleIsNotLongerThanTheLimit()
    {
        using var bytes = new UnreadBytes((1 << 30) + 1);
        Assert.Throws<LoadLimitException>(() => Module.Load(_guest.Engine, bytes.Memory));
        var error = Assert.Throws<InvalidModuleException>(() => Module.Validate(bytes.Memory));
        Assert.Equal("module size exceeds the limit of 1073741824 bytes", error.Problem);
    }

    /// <summary>Bytes that nobody may look at.</summary>
    private sealed class UnreadBytes(int length) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(length);

        public override Span<byte> GetSpan() => throw new NotSupportedException();

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    /// <summary>A stream that gives few bytes at once, and does not know its length.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : Stream
    {
        public Exception? Failure { get; init; }

        public bool WaitsForever { get; init; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (WaitsForever)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return Read(buffer.Span);
        }

        public override int Read(Span<byte> buffer)
        {
            if (Failure is not null)
                throw Failure;
            var count = Math.Min(Math.Min(piece, buffer.Length), bytes.Length - (int)Position);
            bytes.AsSpan((int)Position, count).CopyTo(buffer);
            Position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
