namespace Fermata.Tests.Suspension;

/// <summary>Exceptions and waiting together (JSPI checklist, lines 8, 12, 13, 16 and 23).</summary>
public sealed class ExceptionTests : IDisposable
{
    /// <summary>Catches whatever the import ends with, with a tag of the module, the host's tag, or without a tag; the local shows that frames keep values.</summary>
    private const string Catching = """
        (import "host" "exception" (tag $host (param externref)))
        (import "env" "tag" (tag $tag (param i32 externref)))
        (global $caught (export "caught") (mut externref) (ref.null extern))
        (func $inner (param i32) (result i32) (call $wait (local.get 0)))
        (func (export "f") (param $gate i32) (result i32) (local $keep i32)
          (local.set $keep (i32.const 1000))
          (block $all
            (block $ofHost (result externref)
              (block $ofTag (result i32 externref)
                (try_table (catch $tag $ofTag) (catch $host $ofHost) (catch_all $all)
                  (return (i32.add (local.get $keep) (call $inner (local.get $gate)))))
                (unreachable))
              (global.set $caught)
              (return (i32.add (local.get $keep))))
            (global.set $caught)
            (return (i32.sub (local.get $keep) (i32.const 1))))
          (i32.const -2))
        """;

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void AFailedTaskIsAHostExceptionAtTheCall()
    {
        var instance = InstantiateCatching(out _);
        var call = instance.GetFunction<Func<int, Task<int>>>("f")(0);
        Assert.False(call.IsCompleted);
        var failure = new InvalidDataException("no such thing");
        _guest.Gate(0).Fail(failure);
        Assert.Equal(999, call.Completed());
        Assert.Same(failure, instance.GetGlobal("caught")!.Value.AsRef());
    }

    [Fact]
    public void AHostFunctionThatThrowsAtOnceLooksTheSame()
    {
        var failure = new InvalidDataException("at once");
        _guest.Linker.AllowRedefinition = true;
        _guest.Linker.Define("env", "wait", Task<int> (int gate) => throw failure);
        var instance = InstantiateCatching(out _);
        Assert.Equal(999, instance.GetFunction<Func<int, Task<int>>>("f")(0).Completed());
        Assert.Same(failure, instance.GetGlobal("caught")!.Value.AsRef());
    }

    [Fact]
    public void AWebAssemblyExceptionOfTheHostKeepsItsTagAndValues()
    {
        var instance = InstantiateCatching(out var tag);
        var call = instance.GetFunction<Func<int, Task<int>>>("f")(0);
        _guest.Gate(0).Fail(new WasmException(tag, 42, Value.FromRef("payload", ValType.ExternRef)));
        Assert.Equal(1042, call.Completed());
        Assert.Equal("payload", instance.GetGlobal("caught")!.Value.AsRef());
    }

    [Fact]
    public void AWebAssemblyExceptionCannotBringAFunctionIntoAStoreThatIsNotItsOwn()
    {
        using var other = new Store(_guest.Engine);
        var tag = new Tag(_guest.Store, ValType.I32, ValType.FuncRef);
        var failure = Assert.Throws<ArgumentException>(
            () => new WasmException(tag, 1, Value.FromRef(Function.Create(other, () => { }), ValType.FuncRef)));
        Assert.StartsWith("Value 1 of the exception is ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(" the tag says funcref.", failure.Message, StringComparison.Ordinal);
        var own = Function.Create(_guest.Store, () => { });
        Assert.Same(own, new WasmException(tag, 1, Value.FromRef(own, ValType.FuncRef)).Values[1].AsRef());
    }

    [Fact]
    public void ASuspendExceptionCanBeCaughtToo()
    {
        var instance = InstantiateCatching(out _);
        Assert.Equal(999, instance.GetFunction<Func<int, int>>("f")(0));
        Assert.IsType<SuspendException>(instance.GetGlobal("caught")!.Value.AsRef());
        Assert.Equal(0, _guest.Waits);
    }

    [Fact]
    public void ACancelledTaskIsAHostExceptionAtTheCall()
    {
        var instance = InstantiateCatching(out _);
        var call = instance.GetFunction<Func<int, Task<int>>>("f")(0);
        _guest.Gate(0).Cancel();
        Assert.Equal(999, call.Completed());
        Assert.IsType<TaskCanceledException>(instance.GetGlobal("caught")!.Value.AsRef());
    }

    [Fact]
    public void ACancelledCallEndsWhateverItWouldCatch()
    {
        using var source = new CancellationTokenSource();
        var instance = InstantiateCatching(out _);
        var call = instance.GetFunction<Func<int, CancellationToken, Task<int>>>("f")(0, source.Token);
        source.Cancel();
        Assert.True(call.IsCanceled);
        Assert.Null(instance.GetGlobal("caught")!.Value.AsRef());
    }

    [Fact]
    public void ATrapAfterASuspensionIsNotCaught()
    {
        var f = _guest.Instantiate("""
            (func $inner (param i32) (result i32) (i32.div_s (i32.const 1) (call $wait (local.get 0))))
            (func (export "f") (param i32) (result i32)
              (block $all (try_table (catch_all $all) (return (call $inner (local.get 0)))))
              (i32.const 7))
            """).GetFunction<Func<int, Task<int>>>("f");
        var call = f(0);
        _guest.Open(0, 0);
        var trap = call.Failed<ArithmeticTrapException>();
        Assert.Equal(TrapKind.IntegerDivideByZero, trap.Kind);
        Assert.Equal(["inner", "f"], trap.WasmStack.Select(frame => frame.FunctionName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnExceptionThatNothingCatchesFailsTheTask(bool afterSuspension)
    {
        var instance = _guest.Instantiate("""
            (tag $tag (export "tag") (param i32))
            (func (export "f") (param i32) (result i32)
              (if (local.get 0) (then (drop (call $wait (i32.const 0)))))
              (throw $tag (i32.const 5)))
            """);
        var call = instance.GetFunction<Func<int, Task<int>>>("f")(afterSuspension ? 1 : 0);
        _guest.Open(0);
        var exception = call.Failed<WasmException>();
        Assert.Same(instance.GetTag("tag"), exception.Tag);
        Assert.Equal([Value.FromI32(5)], exception.Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WaitingInLoopsAndClausesOfTheOlderTry(bool suspendEverywhere)
    {
        using var guest = new GatedGuest(suspendEverywhere);
        var f = guest.Instantiate("""
            (tag $tag (param i32))
            (func $throw (param i32) (throw $tag (i32.add (local.get 0) (call $wait (local.get 0)))))
            (func (export "f") (param $n i32) (result i32) (local $sum i32)
              loop $again
                try $outer
                  try
                    local.get $n
                    call $throw
                  catch $tag
                    local.get $sum
                    i32.add
                    local.set $sum
                    i32.const 10
                    call $wait
                    local.get $sum
                    i32.add
                    local.set $sum
                    rethrow 0
                  end
                catch_all
                  i32.const 20
                  call $wait
                  local.get $sum
                  i32.add
                  local.set $sum
                end
                local.get $n
                i32.const 1
                i32.sub
                local.tee $n
                br_if $again
              end
              local.get $sum)
            """).GetFunction<Func<int, Task<int>>>("f");
        var call = f(3);
        foreach (var gate in new[] { 3, 10, 20, 2, 1 })
        {
            Assert.False(call.IsCompleted);
            guest.Open(gate, gate * 100);
        }

        // Each round: n, what its gate gave, and 1000 and 2000 for the two clauses.
        Assert.Equal(3 + 2 + 1 + 600 + (3 * 3000), call.Completed());
    }

    private Instance InstantiateCatching(out Tag tag)
    {
        tag = new Tag(_guest.Store, ValType.I32, ValType.ExternRef);
        _guest.Linker.Define("env", "tag", tag).Define("host", "exception", _guest.Store.HostExceptionTag);
        return _guest.Instantiate(Catching);
    }
}
