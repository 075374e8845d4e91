namespace Fermata.Tests.Suspension;

/// <summary>Suspending imports under calls that cannot be suspended, in a store that lets them run.</summary>
public sealed class SynchronousImportTests : IDisposable
{
    private readonly GatedGuest _guest = new(options: new StoreOptions { CallsSuspendingImportsSynchronously = true });

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void OneThatIsCompleteGivesItsResult()
    {
        var f = _guest.Instantiate("""(func (export "f") (param i32) (result i32) (call $wait (local.get 0)))""").GetFunction<Func<int, int>>("f");
        _guest.Open(1, 42);
        Assert.Equal(42, f(1));
    }

    [Fact]
    public void OneThatIsNotIsAnExceptionAtTheCall()
    {
        var instance = _guest.Instantiate("""
            (func (export "f") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "caught") (param i32) (result i32)
              (block $caught (try_table (catch_all $caught) (return (call $wait (local.get 0)))))
              (i32.const -1))
            """);
        var exception = Assert.Throws<SuspendException>(() => instance.GetFunction<Func<int, int>>("f")(1));
        Assert.StartsWith("env.wait ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(-1, instance.GetFunction<Func<int, int>>("caught")(1));
        Assert.Equal(2, _guest.Waits);
        var promising = instance.GetFunction<Func<int, Task<int>>>("f")(1);
        _guest.Open(1, 5);
        Assert.Equal(5, promising.Completed());
    }

    [Fact]
    public void AHostFunctionInBetweenIsNoObstacleToOneThatIsComplete()
    {
        _guest.Linker.Define("env", "back", (Caller caller, int gate) => caller.GetFunction("inner")!.As<Func<int, int>>()(gate));
        var f = _guest.Instantiate("""
            (import "env" "back" (func $back (param i32) (result i32)))
            (func (export "inner") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "f") (param i32) (result i32) (call $back (local.get 0)))
            """).GetFunction<Func<int, Task<int>>>("f");
        _guest.Open(1, 42);
        Assert.Equal(42, f(1).Completed());
        var exception = Assert.IsType<SuspendException>(f(2).Exception!.InnerException);
        Assert.Equal("env.back", exception.HostFunction);
    }

    [Fact]
    public void ItGetsTheTokenOfTheCall()
    {
        var seen = CancellationToken.None;
        _guest.Linker.Define("env", "look", (CancellationToken token) =>
        {
            seen = token;
            return Task.CompletedTask;
        });
        var f = _guest.Instantiate("""(import "env" "look" (func $look)) (func (export "f") (call $look))""").GetFunction<Action<CancellationToken>>("f");
        using var cancellation = new CancellationTokenSource();
        f(cancellation.Token);
        Assert.Equal(cancellation.Token, seen);
        f(CancellationToken.None);
        Assert.Equal(CancellationToken.None, seen);
    }

    [Fact]
    public void ItIsAnOption()
    {
        using var guest = new GatedGuest();
        var f = guest.Instantiate("""(func (export "f") (param i32) (result i32) (call $wait (local.get 0)))""").GetFunction<Func<int, int>>("f");
        guest.Open(1);
        Assert.Throws<SuspendException>(() => f(1));
        Assert.Equal(0, guest.Waits);
    }
}
