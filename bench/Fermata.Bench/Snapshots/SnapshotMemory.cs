using System.Diagnostics;
using System.IO.Compression;

namespace Fermata.Bench;

/// <summary>A store with a large memory, which is written to a snapshot, or restored from one: how many megabytes of the memory in a second. The snapshot is in memory, too.</summary>
internal sealed class SnapshotMemory : IBenchmark, IDisposable
{
    /// <summary>The size of the memory that is measured.</summary>
    public const int DefaultPages = 4096;

    /// <summary>How much of each page of WebAssembly has something in it, where most is zeros.</summary>
    private const int SparseBytes = 256;

    private readonly Engine _engine = new();
    private readonly Linker _linker;
    private readonly Module _module;
    private readonly Store _store;
    private readonly Memory _memory;
    private readonly int _bytes;
    private readonly bool _restores;
    private readonly SnapshotOptions _options;
    private readonly MemoryStream _stream;

    /// <param name="pages">The size of the memory, in pages of WebAssembly.</param>
    /// <param name="isSparse">Whether most of it is zeros; else all of it is random.</param>
    /// <param name="compression">How the snapshot is packed.</param>
    /// <param name="restores">Whether the store is restored; else it is written.</param>
    public SnapshotMemory(int pages, bool isSparse, CompressionLevel compression, bool restores)
    {
        (_bytes, _restores, _options) = (pages * Memory.PageSize, restores, new SnapshotOptions { Compression = compression });
        _linker = new Linker(_engine);
        _module = Module.Parse(_engine, $"""(memory (export "memory") {pages})""");
        _store = new Store(_engine);
        _memory = _linker.Instantiate(_store, _module).GetMemory("memory");
        var bytes = _memory.Span;
        var random = new Random(1);
        for (var page = 0; page < pages; page++)
            random.NextBytes(bytes.Slice(page * Memory.PageSize, isSparse ? SparseBytes : Memory.PageSize));

        // No round is to be about memory that the system gives for the first time.
        _stream = new MemoryStream(_bytes + (_bytes / 64) + Memory.PageSize);
        _store.Snapshot(_stream, _options);
    }

    /// <summary>How long the snapshot is.</summary>
    public long Length => _stream.Length;

    public Measurement Round()
    {
        _stream.Position = 0;
        return _restores ? Restore() : Write();
    }

    public void Dispose()
    {
        _store.Dispose();
        _stream.Dispose();
    }

    private Measurement Write()
    {
        _stream.SetLength(0);
        var start = Stopwatch.GetTimestamp();
        _store.Snapshot(_stream, _options);
        return Megabytes(Stopwatch.GetElapsedTime(start));
    }

    private Measurement Restore()
    {
        var start = Stopwatch.GetTimestamp();
        var restored = Store.Restore(_engine, _stream, _linker, new RestoreOptions { Modules = [_module] });
        var measurement = Megabytes(Stopwatch.GetElapsedTime(start));
        using var _ = restored.Store;
        return restored.Instances[0].GetMemory("memory").Span.SequenceEqual(_memory.Span) ? measurement : throw new BenchException("the restored memory has other bytes");
    }

    private Measurement Megabytes(TimeSpan time) => new(_bytes / 1e6 / time.TotalSeconds);
}
