namespace Fermata.Tests.Snapshots;

/// <summary>What snapshots have of the host, and what can be read of them without their modules.</summary>
public sealed class SnapshotDataTests
{
    private const string Program =
        """
        (module $shop)
        """;

    [Fact]
    public void DataOfTheHostIsFoundByItsName()
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var module = Module.Parse(engine, Program);
        new Linker(engine).Instantiate(store, module);
        store.SetData(new First([1, 2, 3]));
        store.SetData(new Second([]));
        store.SetData("what is no ISnapshotData is not in it");
        using var stream = new MemoryStream();
        store.Snapshot(stream);

        stream.Position = 0;
        var info = SnapshotInfo.Read(stream);
        Assert.Equal(store.Id, info.StoreId);
        var needed = Assert.Single(info.Modules);
        Assert.Equal(("shop", Convert.ToHexString(module.Hash)), (needed.Name, Convert.ToHexString(needed.Hash.Span)));
        AssertData(info.Data);

        stream.Position = 0;
        var restored = Store.Restore(engine, stream, new Linker(engine), new RestoreOptions { Modules = [module] });
        using var copy = restored.Store;
        AssertData(restored.Data);
    }

    [Fact]
    public void TwoOfOneNameAreRefused()
    {
        using var store = new Store(new Engine());
        store.SetData(new First([1]));
        store.SetData<object>(new First([2]));

        var problem = Assert.Throws<NotSupportedException>(() => store.Snapshot(new MemoryStream()));

        Assert.Equal("A snapshot cannot have two data of the name 'first' (Store.SetData).", problem.Message);
    }

    [Fact]
    public void WhatIsNoSnapshotIsTold()
    {
        Assert.Equal("This is no snapshot of a store.", Assert.Throws<SnapshotException>(() => SnapshotInfo.Read(new MemoryStream(new byte[100]))).Message);
        Assert.Equal("The snapshot is damaged: it ends too soon.", Assert.Throws<SnapshotException>(() => SnapshotInfo.Read(new MemoryStream())).Message);
    }

    private static void AssertData(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> data)
    {
        Assert.Equal(["first", "second"], data.Keys.Order());
        Assert.Equal([1, 2, 3], data["first"].ToArray());
        Assert.Empty(data["second"].ToArray());
    }

    private sealed class First(byte[] bytes) : ISnapshotData
    {
        public string SnapshotName => "first";

        public ReadOnlyMemory<byte> ToSnapshot() => bytes;
    }

    private sealed class Second(byte[] bytes) : ISnapshotData
    {
        public string SnapshotName => "second";

        public ReadOnlyMemory<byte> ToSnapshot() => bytes;
    }
}
