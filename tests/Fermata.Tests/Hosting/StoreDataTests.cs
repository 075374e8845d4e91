namespace Fermata.Tests.Hosting;

/// <summary>What the host keeps with a store.</summary>
public sealed class StoreDataTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public async Task HostFunctionsReachIt()
    {
        _guest.Linker.Define("env", "count", (Caller caller) => { caller.Store.GetData<Counter>().Count++; });
        _guest.Linker.Define("env", "later", async (Caller caller) =>
        {
            await Task.Yield();
            caller.Store.GetData<Counter>().Count++;
        });
        var module = Module.Parse(_guest.Engine, """
            (import "env" "count" (func $count)) (import "env" "later" (func $later)) (func (export "f") (call $count) (call $later))
            """);
        using var other = new Store(_guest.Engine);
        var counters = new[] { new Counter(), new Counter() };
        _guest.Store.SetData(counters[0]);
        other.SetData(counters[1]);
        await _guest.Linker.Instantiate(_guest.Store, module).GetFunction<Func<Task>>("f")();
        Assert.Equal([2, 0], counters.Select(counter => counter.Count));
        await _guest.Linker.Instantiate(other, module).GetFunction<Func<Task>>("f")();
        Assert.Equal([2, 2], counters.Select(counter => counter.Count));
    }

    [Fact]
    public void ThereIsOneValueOfEachNamedType()
    {
        var store = _guest.Store;
        store.SetData("first");
        store.SetData("second");
        store.SetData<IEnumerable<char>>("third");
        store.SetData(4);
        Assert.Equal(("second", "third", 4), (store.GetData<string>(), store.GetData<IEnumerable<char>>(), store.GetData<int>()));
        Assert.True(store.TryGetData<int>(out var number));
        Assert.Equal(4, number);
    }

    [Fact]
    public void WhatIsNotThereIsToldByItsType()
    {
        Assert.Equal(
            "The store has no data of type System.String; give it some with SetData.",
            Assert.Throws<KeyNotFoundException>(_guest.Store.GetData<string>).Message);
        Assert.False(_guest.Store.TryGetData<int>(out var number));
        Assert.Equal(0, number);
        Assert.Throws<ArgumentNullException>(() => _guest.Store.SetData<string>(null!));
    }

    [Fact]
    public void ItStaysWhenTheStoreIsDisposed()
    {
        _guest.Store.SetData("text");
        _guest.Store.Dispose();
        Assert.Equal("text", _guest.Store.GetData<string>());
    }

    private sealed class Counter
    {
        public int Count { get; set; }
    }
}
