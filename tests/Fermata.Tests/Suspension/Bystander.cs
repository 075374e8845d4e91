namespace Fermata.Tests.Suspension;

/// <summary>A store in which a call waits, ten frames deep, while others fail: it must not notice, and the store must stay usable.</summary>
internal sealed class Bystander : IDisposable
{
    private const int Gate = 1_000_000;

    private const string Program = """
        (func $deep (param $n i32) (param $sum i64) (result i64)
          (if (result i64) (local.get $n)
            (then (i64.add (i64.extend_i32_u (local.get $n)) (call $deep (i32.sub (local.get $n) (i32.const 1)) (local.get $sum))))
            (else (i64.add (local.get $sum) (i64.extend_i32_s (call $wait (i32.const 1_000_000)))))))
        (func (export "wait") (param i64 externref) (result i64 externref)
          (i64.mul (call $deep (i32.const 10) (local.get 0)) (i64.const 3)) (local.get 1))
        (func (export "increment") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        """;

    private readonly CallCounter _counter = new();
    private readonly Instance _instance;
    private readonly Task<(long, object)> _call;

    public Bystander(bool suspendEverywhere = false, StoreOptions? options = null)
    {
        Guest = new GatedGuest(suspendEverywhere, (options ?? StoreOptions.Default) with { Limiter = _counter });
        _instance = Guest.Instantiate(Program);
        _call = _instance.GetFunction<Func<long, object, Task<(long, object)>>>("wait")(1_000, this);
    }

    public GatedGuest Guest { get; }

    public void Dispose() => Guest.Dispose();

    /// <summary>That no other call is left over, calls of both kinds work, and the one that waits ends as it should.</summary>
    public void AssertUnharmed()
    {
        var increment = _instance.GetFunction("increment");
        Assert.Equal([4], increment.Invoke(3));
        Assert.Equal([5], increment.InvokeAsync(4).Completed());
        Assert.Equal(1, _counter.Before);
        var fiber = Assert.Single(Guest.Store.Fibers);
        Assert.Equal(("wait", FiberState.Suspended, "env.wait", 12), (fiber.Function.Name, fiber.State, fiber.WaitsFor, fiber.WasmStack.Count));
        Assert.False(_call.IsCompleted);
        Guest.Open(Gate, 7);
        Assert.Equal((3 * (1_000 + 55 + 7), this), _call.Completed());
        Assert.Empty(Guest.Store.Fibers);
        Assert.Equal([1], increment.InvokeAsync(0).Completed());
        Assert.Equal(0, _counter.Before);
    }
}
