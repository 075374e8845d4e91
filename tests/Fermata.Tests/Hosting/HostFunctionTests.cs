namespace Fermata.Tests.Hosting;

public sealed class HostFunctionTests : IDisposable
{
    private readonly Guest _guest = new();

    private delegate int PrivateDelegate(Secret? secret, uint number);

    private Linker Linker => _guest.Linker;

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void ALambdaBindsToAnImport()
    {
        Linker.Define("env", "add", (int a, int b) => a + b);
        var instance = _guest.Instantiate("""
            (import "env" "add" (func $add (param i32 i32) (result i32)))
            (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0)))
            """);
        Assert.Equal(42, instance.GetFunction<Func<int, int>>("twice")(21));
    }

    [Fact]
    public void OnlyASuspendingImportTakesAToken()
    {
        const string message = "has a CancellationToken, but returns no task: only a suspending import is told when its call is cancelled.";
        var refused = Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", (int a, CancellationToken token) => a));
        Assert.EndsWith(message, refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<ArgumentException>(() => Function.Create(_guest.Store, (CancellationToken token) => 1));
        Assert.EndsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllNumberTypesPass()
    {
        Linker.Define("env", "f", (uint a, ulong b, float c, double d) => (d, c, b, a));
        var function = _guest.Instantiate("""
            (import "env" "f" (func $f (param i32 i64 f32 f64) (result f64 f32 i64 i32)))
            (func (export "f") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
              (call $f (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
            """).GetFunction("f");
        Assert.Equal([4.5, 3.5f, -2L, -1], function.Invoke(-1, -2L, 3.5f, 4.5));
    }

    [Fact]
    public void SeveralResultsAreATuple()
    {
        Linker.Define("env", "f", () => (1, "two", 3L, 4, 5, 6, 7, 8, 9.5));
        var function = _guest.Instantiate("""
            (import "env" "f" (func $f (result i32 externref i64 i32 i32 i32 i32 i32 f64)))
            (func (export "f") (result i32 externref i64 i32 i32 i32 i32 i32 f64) (call $f))
            """).GetFunction("f");
        Assert.Equal((1, "two", 3L, 4, 5, 6, 7, 8, 9.5), function.As<Func<(int, string, long, int, int, int, int, int, double)>>()());
    }

    [Fact]
    public void ReferencesAreCastToTheParameterType()
    {
        Linker.Define("env", "length", (string? text) => text?.Length ?? -1);
        var length = _guest.Instantiate("""
            (import "env" "length" (func $length (param externref) (result i32)))
            (func (export "length") (param externref) (result i32) (call $length (local.get 0)))
            """).GetFunction<Func<object?, int>>("length");
        Assert.Equal(3, length("abc"));
        Assert.Equal(-1, length(null));
        var error = Assert.Throws<InvalidCastException>(() => length(this));
        Assert.Contains("env.length", error.Message, StringComparison.Ordinal);
        Assert.Contains("String", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnExternRefIsNotTakenForAFunction()
    {
        Linker.Define("env", "call", (Function function) => function.Type.Parameters.Count);
        var instance = _guest.Instantiate("""
            (import "env" "call" (func $call (param externref) (result i32)))
            (func (export "call") (param externref) (result i32) (call $call (local.get 0)))
            (func (export "same") (param externref) (result externref) (local.get 0))
            """);
        var call = instance.GetFunction<Func<object, int>>("call");
        var same = instance.GetFunction<Func<object, Function>>("same");
        Assert.Equal(1, call(instance.GetFunction("call")));
        Assert.Same(instance.GetFunction("call"), same(instance.GetFunction("call")));
        Assert.Throws<InvalidCastException>(() => call("text"));
        Assert.Throws<InvalidCastException>(() => same("text"));
    }

    [Fact]
    public void PrivateTypesCanBeUsed()
    {
        var secret = new Secret();
        PrivateDelegate function = (thing, number) => ReferenceEquals(thing, secret) ? (int)number : -1;
        Linker.Define("env", "f", function);
        Linker.Define("env", "g", () => secret);
        var instance = _guest.Instantiate("""
            (import "env" "f" (func $f (param externref i32) (result i32)))
            (import "env" "g" (func $g (result externref)))
            (func (export "f") (result i32) (call $f (call $g) (i32.const 7)))
            """);
        Assert.Equal(7, instance.GetFunction<Func<int>>("f")());
    }

    [Fact]
    public void AFunctionReferenceCanBeCalledByTheHost()
    {
        Linker.Define("env", "apply", (Function function, int value) => function.Invoke(value)[0].AsI32());
        var instance = _guest.Instantiate("""
            (import "env" "apply" (func $apply (param funcref i32) (result i32)))
            (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
            (elem declare func $double)
            (func (export "f") (result i32) (call $apply (ref.func $double) (i32.const 21)))
            """);
        Assert.Equal(42, instance.GetFunction<Func<int>>("f")());
    }

    [Fact]
    public void AHostFunctionCanBePutIntoATable()
    {
        var instance = _guest.Instantiate("""
            (type $t (func (param i32) (result i32)))
            (table (export "table") 1 funcref)
            (func (export "call") (param i32) (result i32) (call_indirect (type $t) (local.get 0) (i32.const 0)))
            """);
        var function = Function.Create(_guest.Store, (int value) => value + 1, "increment");
        instance.GetTable("table").Set(0, function);
        Assert.Equal(8, instance.GetFunction<Func<int, int>>("call")(7));
        Assert.Equal(8, function.Invoke(7)[0].AsI32());
        Assert.Equal("increment", function.Name);
    }

    [Fact]
    public void AResultThatIsNotWhatTheImportPromisesIsRefused()
    {
        Linker.Define("env", "f", () => (Function?)null);
        Linker.Define("env", "g", () => (object?)null);
        var instance = _guest.Instantiate("""
            (type $t (func (param i32)))
            (import "env" "f" (func $f (result (ref func))))
            (import "env" "g" (func $g (result (ref extern))))
            (func (export "f") (drop (call $f)))
            (func (export "g") (drop (call $g)))
            """);
        Assert.Throws<InvalidCastException>(instance.GetFunction<Action>("f"));
        Assert.Throws<InvalidCastException>(instance.GetFunction<Action>("g"));
    }

    [Fact]
    public void ADelegateThatThrowsThrowsThroughWebAssembly()
    {
        var thrown = new FormatException();
        Linker.Define("env", "f", void () => throw thrown);
        var instance = _guest.Instantiate("""(import "env" "f" (func $f)) (func (export "f") (call $f))""");
        Assert.Same(thrown, Assert.Throws<FormatException>(instance.GetFunction<Action>("f")));
    }

    [Fact]
    public void TheCallerIsTheImportingInstance()
    {
        Linker.Define("env", "print", (Caller caller, int address) => caller.Memory.ReadUtf8(address).Length);
        var text = """
            (import "env" "print" (func $print (param i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 8) "{0}")
            (func (export "f") (result i32) (call $print (i32.const 8)))
            """;
        var first = _guest.Instantiate(text.Replace("{0}", "abc", StringComparison.Ordinal));
        var second = _guest.Instantiate(text.Replace("{0}", "abcdef", StringComparison.Ordinal));
        Assert.Equal(3, first.GetFunction<Func<int>>("f")());
        Assert.Equal(6, second.GetFunction<Func<int>>("f")());
    }

    [Fact]
    public void TheCallerKnowsStoreAndExports()
    {
        Caller seen = default;
        Linker.Define("env", "f", (Caller caller) => { seen = caller; });
        var instance = _guest.Instantiate("""
            (import "env" "f" (func $f))
            (table (export "t") 1 funcref)
            (global (export "g") i32 (i32.const 1))
            (tag (export "e"))
            (func (export "f") (call $f))
            """);
        instance.GetFunction("f").Invoke();
        Assert.Same(_guest.Store, seen.Store);
        Assert.Same(instance, seen.Instance);
        Assert.Same(instance.GetTable("t"), seen.GetTable("t"));
        Assert.Same(instance.GetGlobal("g"), seen.GetGlobal("g"));
        Assert.Same(instance.GetFunction("f"), seen.GetFunction("f"));
        Assert.Same(instance.GetTag("e"), seen.GetTag("e"));
        Assert.Throws<InvalidOperationException>(() => seen.Memory);
    }

    [Fact]
    public void TheCallerTellsWhatItsExportsDoNotHave()
    {
        Caller seen = default;
        Linker.Define("env", "f", (Caller caller) => { seen = caller; });
        _guest.Instantiate("""(import "env" "f" (func $f)) (func (export "run") (call $f))""").GetFunction("run").Invoke();
        Assert.Equal(
            "There is no exported function \"f\"; there are \"run\".", Assert.Throws<KeyNotFoundException>(() => seen.GetFunction("f")).Message);
        Assert.Equal("The export \"run\" is not a memory but a function.", Assert.Throws<KeyNotFoundException>(() => seen.GetMemory("run")).Message);
        Assert.Throws<KeyNotFoundException>(() => seen.GetTable("run"));
        Assert.Throws<KeyNotFoundException>(() => seen.GetGlobal("run"));
        Assert.Throws<KeyNotFoundException>(() => seen.GetTag("run"));
        Assert.True(seen.TryGetFunction("run", out var run));
        Assert.Equal("run", run.Name);
        AssertNothing(seen, "f");
    }

    [Fact]
    public void AHostFunctionThatIsNoImportHasNoExportsOfItsCaller()
    {
        Caller seen = default;
        Function.Create(_guest.Store, (Caller caller) => { seen = caller; }, "free").Invoke();
        Assert.Null(seen.Instance);
        Func<object>[] all =
            [() => seen.GetFunction("f"), () => seen.GetMemory("f"), () => seen.GetTable("f"), () => seen.GetGlobal("f"), () => seen.GetTag("f")];
        Assert.All(all, get => Assert.Equal(
            "free is no import of an instance, so there are no exports of the one that calls it.", Assert.Throws<InvalidOperationException>(get).Message));
        AssertNothing(seen, "f");
    }

    private static void AssertNothing(Caller caller, string name)
    {
        Assert.False(caller.TryGetFunction(name, out _));
        Assert.False(caller.TryGetMemory(name, out _));
        Assert.False(caller.TryGetTable(name, out _));
        Assert.False(caller.TryGetGlobal(name, out _));
        Assert.False(caller.TryGetTag(name, out _));
    }

    [Fact]
    public void EveryDelegateOfAMulticastIsCalled()
    {
        var calls = 0;
        Action one = () => calls++;
        Linker.Define("env", "f", one + one);
        _guest.Instantiate("""(import "env" "f" (func $f)) (start $f)""");
        Assert.Equal(2, calls);
    }

    [Fact]
    public void AnAsyncDelegateThatReturnsNothingIsRefused()
    {
        Action one = async () => await Task.Yield();
        Action<int> local = Local;
        Action two = () => { };
        foreach (var function in (Delegate[])[one, local, two + one, one + two])
        {
            var error = Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", function));
            Assert.StartsWith("The delegate is async and returns void: WebAssembly would not wait for it", error.Message, StringComparison.Ordinal);
            Assert.Equal(error.Message, Assert.Throws<ArgumentException>(() => Function.Create(_guest.Store, function)).Message);
        }

        Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", () => Task.CompletedTask, one));
        Linker.Define("env", "f", async () => await Task.Yield());

        static async void Local(int value) => await Task.Delay(value);
    }

    [Fact]
    public void OfSeveralDelegatesThatReturnTasksNoneIsChosen()
    {
        Func<Task> one = () => Task.CompletedTask;
        Func<ValueTask<int>> two = async () => 1;
        AsyncUntypedFunction three = (_, _, _) => new([]);
        var type = new FuncType([], []);
        Action[] uses =
        [
            () => Linker.Define("env", "f", one + one), () => Linker.Define("env", "f", two + two), () => Linker.Define("env", "f", type, three + three),
            () => Linker.Define("env", "f", one + one, () => { }), () => Function.Create(_guest.Store, one + one), () => Function.Create(_guest.Store, type, three + three),
        ];
        foreach (var use in uses)
        {
            Assert.Equal(
                "The delegate is several that return tasks (multicast), of which only the last one's would be waited for: give one that awaits them all.",
                Assert.Throws<ArgumentException>(use).Message);
        }
    }

    private sealed class Secret;
}
