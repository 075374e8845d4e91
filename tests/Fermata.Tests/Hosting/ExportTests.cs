namespace Fermata.Tests.Hosting;

public sealed class ExportTests : IDisposable
{
    private const string Functions = """
        (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
        (func (export "mixed") (param i32 i64 f32 f64) (result f64 f32 i64 i32) (local.get 3) (local.get 2) (local.get 1) (local.get 0))
        (func (export "none"))
        (func (export "same") (param externref) (result externref) (local.get 0))
        (func (export "function") (param funcref) (result funcref) (local.get 0))
        (func (export "nine") (result i32 i32 i32 i32 i32 i32 i32 i32 i64)
          (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6) (i32.const 7) (i32.const 8) (i64.const 9))
        (memory (export "memory") 1)
        (table (export "table") 3 funcref)
        (global (export "global") i32 (i32.const 5))
        """;

    private readonly Guest _guest = new();
    private readonly Instance _instance;

    public ExportTests() => _instance = _guest.Instantiate(Functions);

    private delegate ulong PrivateDelegate(Secret secret);

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void ValuesGoInAndComeOut()
    {
        Assert.Equal([Value.FromI64(-2), Value.FromI32(-1)], _instance.GetFunction("swap").Invoke(-1, -2L));
        Assert.Equal([4.0, 3f, 2L, 1], _instance.GetFunction("mixed").Invoke(1, 2L, 3f, 4.0));
        Assert.Empty(_instance.GetFunction("none").Invoke());
    }

    [Fact]
    public void ResultsGoWhereTheCallerWantsThem()
    {
        var mixed = _instance.GetFunction("mixed");
        Span<Value> values = [1, 2L, 3f, 4.0];
        mixed.Invoke(values, values);
        Assert.Equal([4.0, 3f, 2L, 1], values.ToArray());
        _instance.GetFunction("none").Invoke([], []);
        var same = new Value[1];
        _instance.GetFunction("same").Invoke([Value.FromRef("text", ValType.ExternRef)], same);
        Assert.Equal("text", same[0].AsRef());
    }

    [Fact]
    public void RoomForFewerOrMoreResultsIsAnError()
    {
        var swap = _instance.GetFunction("swap");
        var results = new Value[3];
        var error = Assert.Throws<ArgumentException>(() => swap.Invoke([1, 2L], results));
        Assert.Equal("swap returns 2 results, found room for 3: its type is (func (param i32 i64) (result i64 i32)).", error.Message);
        Assert.Throws<ArgumentException>(() => swap.Invoke([1, 2L], results.AsSpan(0, 1)));
        Assert.Throws<ArgumentException>(() => swap.Invoke([1], results.AsSpan(0, 2)));
        Assert.Throws<OperationCanceledException>(() => swap.Invoke([1, 2L], results.AsSpan(0, 2), new CancellationToken(true)));
        Assert.Equal(new Value[3], results);
    }

    [Fact]
    public void ACallWithRoomForItsResultsAllocatesNothing()
    {
        var swap = _instance.GetFunction("swap");
        Span<Value> results = [0L, 0];
        for (var i = 0; i < 100; i++)
            swap.Invoke([1, 2L], results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            swap.Invoke([1, 2L], results);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task ADelegateTypeSaysHowACallIsMade()
    {
        Assert.Equal((2L, 1), _instance.GetFunction<Func<int, long, (long, int)>>("swap")(1, 2));
        Assert.Equal((2UL, 1U), _instance.GetFunction<Func<uint, ulong, (ulong, uint)>>("swap")(1, 2));
        Assert.Equal((2L, 1), await _instance.GetFunction<Func<int, long, Task<(long, int)>>>("swap")(1, 2));
        Assert.Equal((2L, 1), await _instance.GetFunction<Func<int, long, ValueTask<(long, int)>>>("swap")(1, 2));
        Assert.Equal((4.0, 3f, 2L, 1), _instance.GetFunction<Func<int, long, float, double, (double, float, long, int)>>("mixed")(1, 2, 3, 4));
        _instance.GetFunction<Action>("none")();
        await _instance.GetFunction<Func<Task>>("none")();
        await _instance.GetFunction<Func<ValueTask>>("none")();
        await _instance.GetFunction<Func<CancellationToken, Task>>("none")(CancellationToken.None);
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8, 9L), _instance.GetFunction<Func<(int, int, int, int, int, int, int, int, long)>>("nine")());
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8, 9L), await _instance.GetFunction<Func<Task<(int, int, int, int, int, int, int, int, long)>>>("nine")());
    }

    [Fact]
    public async Task ReferencesAreAnyObjects()
    {
        var thing = new Secret();
        Assert.Same(thing, _instance.GetFunction<Func<object?, object?>>("same")(thing));
        Assert.Same(thing, _instance.GetFunction<Func<Secret, Secret>>("same")(thing));
        Assert.Same(thing, await _instance.GetFunction<Func<object, Task<Secret>>>("same")(thing));
        Assert.Null(_instance.GetFunction<Func<Secret?, Secret?>>("same")(null));
        Assert.Same(thing, _instance.GetFunction("same").Invoke(Value.FromRef(thing, ValType.ExternRef))[0].AsRef());
        Assert.Throws<InvalidCastException>(() => _instance.GetFunction<Func<object, Secret>>("same")("text"));
        await Assert.ThrowsAsync<InvalidCastException>(() => _instance.GetFunction<Func<object, Task<Secret>>>("same")("text"));
    }

    [Fact]
    public async Task FunctionsAreReferencesToo()
    {
        var none = _instance.GetFunction("none");
        var function = _instance.GetFunction<Func<Function?, Function?>>("function");
        Assert.Same(none, function(none));
        Assert.Null(function(null));
        Assert.Throws<ArgumentException>(() => _instance.GetFunction<Func<object, object>>("function")("text"));
        using var other = new Guest();
        var foreign = other.Instantiate("""(func (export "f"))""").GetFunction("f");
        var error = Assert.Throws<ArgumentException>(() => function(foreign));
        Assert.Contains("another store", error.Message, StringComparison.Ordinal);
        var task = _instance.GetFunction<Func<Function, Task<Function>>>("function")(foreign);
        await Assert.ThrowsAsync<ArgumentException>(() => task);
    }

    [Fact]
    public async Task WrongArgumentsThrowOrFailTheTask()
    {
        var swap = _instance.GetFunction("swap");
        Assert.Throws<ArgumentException>(() => swap.Invoke(1));
        Assert.Throws<ArgumentException>(() => swap.Invoke(1, 2));
        Assert.Throws<ArgumentException>(() => swap.Invoke(default, 2L));
        var tooFew = swap.InvokeAsync(1);
        var wrong = swap.InvokeAsync(1, 2);
        Assert.Contains("takes 2 arguments, found 1", (await Assert.ThrowsAsync<ArgumentException>(() => tooFew)).Message, StringComparison.Ordinal);
        Assert.Contains("Argument 2 of swap must be i64", (await Assert.ThrowsAsync<ArgumentException>(() => wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADelegateTypeThatDoesNotFitIsNamedWithTheFunctionsType()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _instance.GetFunction<Func<int, int>>("swap"));
        Assert.Contains("(func (param i32 i64) (result i64 i32))", error.Message, StringComparison.Ordinal);
        Assert.Contains("(func (param i32) (result i32))", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _instance.GetFunction<Action<Caller>>("none"));
        Assert.Throws<InvalidOperationException>(() => _instance.GetFunction<Action<decimal>>("none"));
        Assert.Throws<InvalidOperationException>(() => _instance.GetFunction<Delegate>("none"));
        Assert.Throws<InvalidOperationException>(() => _instance.GetFunction<PrivateDelegate>("same"));
    }

    [Fact]
    public void AMissingFunctionIsReportedWithThoseThatExist()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => _instance.GetFunction("swop"));
        Assert.Contains("\"swap\", \"mixed\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("memory", Assert.Throws<KeyNotFoundException>(() => _instance.GetFunction("memory")).Message, StringComparison.Ordinal);
        Assert.False(_instance.TryGetFunction("swop", out _));
    }

    [Fact]
    public void WhatIsMissingIsReportedInTheSameWayForAllKinds()
    {
        AssertMissing("There is no exported memory \"missing\"; there are \"memory\".", () => _instance.GetMemory("missing"));
        AssertMissing("There is no exported table \"missing\"; there are \"table\".", () => _instance.GetTable("missing"));
        AssertMissing("There is no exported global \"missing\"; there are \"global\".", () => _instance.GetGlobal("missing"));
        AssertMissing("There is no exported tag \"missing\"; the instance exports no tags.", () => _instance.GetTag("missing"));
        AssertMissing("The export \"swap\" is not a memory but a function.", () => _instance.GetMemory("swap"));
        AssertMissing("The export \"global\" is not a table but a global.", () => _instance.GetTable("global"));
        Assert.False(_instance.TryGetFunction("memory", out var function));
        Assert.False(_instance.TryGetMemory("table", out var memory));
        Assert.False(_instance.TryGetTable("global", out var table));
        Assert.False(_instance.TryGetGlobal("swap", out var global));
        Assert.False(_instance.TryGetTag("missing", out var tag));
        Assert.All(new object?[] { function, memory, table, global, tag }, Assert.Null);

        static void AssertMissing(string message, Func<object> get) => Assert.Equal(message, Assert.Throws<KeyNotFoundException>(get).Message);
    }

    [Fact]
    public void AllExportsCanBeListedWithTheirValues()
    {
        var instance = _guest.Instantiate("""
            (func $f (export "f"))
            (memory (export "m") 1) (table (export "t") 1 funcref) (global (export "g") (mut i32) (i32.const 5)) (tag (export "e"))
            (export "again" (func $f))
            """);
        Assert.Equal(
            [
                ("f", ExternKind.Func, instance.GetFunction("f")), ("m", ExternKind.Memory, instance.GetMemory("m")),
                ("t", ExternKind.Table, instance.GetTable("t")), ("g", ExternKind.Global, instance.GetGlobal("g")),
                ("e", ExternKind.Tag, instance.GetTag("e")), ("again", ExternKind.Func, instance.GetFunction("f")),
            ],
            instance.Exports.Select(export => (export.Name, export.Kind, export.Value)));
        Assert.Equal(instance.Module.Exports, instance.Exports.Select(export => new ExportType(export.Name, export.Type)));
        Assert.True(instance.TryGetTag("e", out var tag) && instance.TryGetMemory("m", out _) && instance.TryGetTable("t", out _) && instance.TryGetGlobal("g", out _));
        Assert.Same(tag, instance.GetTag("e"));
    }

    [Fact]
    public void ExportsAreFoundByName()
    {
        Assert.Equal(1UL, _instance.GetMemory("memory").PageCount);
        Assert.Equal(3, _instance.GetTable("table").Length);
        Assert.Equal(5, _instance.GetGlobal("global").Value.AsI32());
        Assert.Same(_instance.GetFunction("swap"), _instance.GetFunction("swap"));
        Assert.Equal("swap", _instance.GetFunction("swap").Name);
    }

    [Fact]
    public async Task ADisposedStoreRunsNothing()
    {
        var none = _instance.GetFunction("none");
        var typed = none.As<Action>();
        _guest.Store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => none.Invoke());
        Assert.Throws<ObjectDisposedException>(typed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => none.InvokeAsync());
    }

    private sealed class Secret;

    [Fact]
    public void WhatBelongsToAnotherEngineIsToldWithWhatToDo()
    {
        const string types = "(type $s (struct (field i32))) ";
        using var other = new Guest();
        var structure = other.Instantiate(types + """(func (export "make") (result structref) (struct.new $s (i32.const 1)))""").GetFunction("make").Invoke()[0];
        var take = _guest.Instantiate(types + """(func (export "take") (param structref))""").GetFunction("take");
        var error = Assert.Throws<ArgumentException>(() => take.Invoke(structure));
        Assert.Equal(
            "Argument 1 of take must be structref, found a structure or array of another engine. Use one engine for all modules that share objects.",
            error.Message);
    }
}
