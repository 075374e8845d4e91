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
        Assert.Same(failure, instance.GetGlobal("caught").Value.AsRef());
    }

    [Fact]
    public void AHostFunctionThatThrowsAtOnceLooksTheSame()
    {
        var failure = new InvalidDataException("at once");
        _guest.Linker.AllowRedefinition = true;
        _guest.Linker.Define("env", "wait", Task<int> (int gate) => throw failure);
        var instance = InstantiateCatching(out _);
        Assert.Equal(999, instance.GetFunction<Func<int, Task<int>>>("f")(0).Completed());
        Assert.Same(failure, instance.GetGlobal("caught").Value.AsRef());
    }

    [Fact]
    public void AWebAssemblyExceptionOfTheHostKeepsItsTagAndValues()
    {
        var instance = InstantiateCatching(out var tag);
        var call = instance.GetFunction<Func<int, Task<int>>>("f")(0);
        _guest.Gate(0).Fail(new WasmException(tag, 42, Value.FromRef("payload", ValType.ExternRef)));
        Assert.Equal(1042, call.Completed());
        Assert.Equal("payload", instance.GetGlobal("caught").Value.AsRef());
    }

    [Fact]
    public void AWebAssemblyExceptionCannotBringAFunctionIntoAStoreThatIsNotItsOwn()
    {
        using var other = new Store(_guest.Engine);
        var tag = new Tag(_guest.Store, ValType.I32, ValType.FuncRef);
        var failure = Assert.Throws<ArgumentException>(
            () => new WasmException(tag, 1, Value.FromRef(Function.Create(other, () => { }), ValType.FuncRef)));
        Assert.StartsWith("Value 1 of the exception must be funcref, found a function of another store. ", failure.Message, StringComparison.Ordinal);
        var own = Function.Create(_guest.Store, () => { });
        Assert.Same(own, new WasmException(tag, 1, Value.FromRef(own, ValType.FuncRef)).Values[1].AsRef());
    }

    [Fact]
    public void ASuspendExceptionCanBeCaughtToo()
    {
        var instance = InstantiateCatching(out _);
        Assert.Equal(999, instance.GetFunction<Func<int, int>>("f")(0));
        Assert.IsType<SuspendException>(instance.GetGlobal("caught").Value.AsRef());
        Assert.Equal(0, _guest.Waits);
    }

    [Fact]
    public void ACancelledTaskIsAHostExceptionAtTheCall()
    {
        var instance = InstantiateCatching(out _);
        var call = instance.GetFunction<Func<int, Task<int>>>("f")(0);
        _guest.Gate(0).Cancel();
        Assert.Equal(999, call.Completed());
        Assert.IsType<TaskCanceledException>(instance.GetGlobal("caught").Value.AsRef());
    }

    [Fact]
    public void ACancelledCallEndsWhateverItWouldCatch()
    {
        using var source = new CancellationTokenSource();
        var instance = InstantiateCatching(out _);
        var call = instance.GetFunction<Func<int, CancellationToken, Task<int>>>("f")(0, source.Token);
        source.Cancel();
        Assert.True(call.IsCanceled);
        Assert.Null(instance.GetGlobal("caught").Value.AsRef());
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
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 20)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 20)]
    public void BothLookTheSameToAHandlerAfterAnyNumberOfWaits(bool suspendEverywhere, int waits)
    {
        // Fails with an exception of the host or of WebAssembly, at once or later, each twice, after so many waits in the same try.
        using var guest = new GatedGuest(suspendEverywhere);
        var tag = new Tag(guest.Store, ValType.I32);
        var ofHost = new InvalidDataException("of the host");
        Exception Failure(int kind) => kind % 2 == 0 ? ofHost : new WasmException(tag, 7);
        guest.Linker.Define("env", "tag", tag).Define("host", "exception", guest.Store.HostExceptionTag);
        guest.Linker.Define("env", "fail", Task<int> (int kind) => kind < 2 ? throw Failure(kind) : guest.Gate(1_000 + kind).Wait());
        var f = guest.Instantiate("""
            (import "env" "fail" (func $fail (param i32) (result i32)))
            (import "host" "exception" (tag $host (param externref)))
            (import "env" "tag" (tag $tag (param i32)))
            (func (export "f") (param $kind i32) (param $waits i32) (result i32 externref) (local $i i32) (local $caught externref) (local $sum i32)
              (loop $again
                (block $next
                  (block $ofTag (result i32)
                    (block $ofHost (result externref)
                      (try_table (catch $tag $ofTag) (catch $host $ofHost)
                        (local.set $i (i32.const 0))
                        (block $enough
                          (loop $wait
                            (br_if $enough (i32.eq (local.get $i) (local.get $waits)))
                            (local.set $sum (i32.add (local.get $sum) (call $wait (local.get $i))))
                            (local.set $i (i32.add (local.get $i) (i32.const 1)))
                            (br $wait)))
                        (local.set $sum (call $fail (local.get $kind))))
                      (unreachable))
                    (local.set $caught)
                    (local.set $sum (i32.add (local.get $sum) (i32.const 10_000)))
                    (br $next))
                  (i32.mul (i32.const 100_000))
                  (local.set $sum (i32.add (local.get $sum))))
                (br_if $again (i32.lt_u (local.get $sum) (i32.const 20_000))))
              (local.get $sum) (local.get $caught))
            """).GetFunction<Func<int, int, Task<(int, object?)>>>("f");
        var calls = Enumerable.Range(0, 4).Select(kind => f(kind, waits)).ToList();
        for (var i = 0; i < waits; i++)
            guest.Open(i, 1);
        for (var kind = 2; kind < 4; kind++)
            guest.Gate(1_000 + kind).Fail(Failure(kind));
        for (var kind = 0; kind < 4; kind++)
            Assert.Equal(kind % 2 == 0 ? ((2 * waits) + 20_000, ofHost) : (waits + 700_000, (object?)null), calls[kind].Completed());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WaitingInNestedTryTablesAndWhatTheyBranchTo(bool suspendEverywhere)
    {
        using var guest = new GatedGuest(suspendEverywhere);
        var f = guest.Instantiate("""
            (tag $one (param i32)) (tag $two (param i64 externref))
            (func (export "f") (param $n i32) (param $object externref) (result i64 externref) (local $sum i64) (local $exn exnref)
              (block $outer (result i64 externref)
                (try_table (catch $two $outer)
                  (loop $again
                    (block $inner (result i32 exnref)
                      (i32.const 1_000_000)
                      (block $innermost (result exnref)
                        (try_table (catch_ref $one $inner)
                          (try_table (catch_all_ref $innermost)
                            (drop (call $wait (i32.const 1)))
                            (if (i32.and (local.get $n) (i32.const 1))
                              (then (throw $one (i32.add (local.get $n) (call $wait (i32.const 2))))))
                            (throw $two (i64.add (local.get $sum) (i64.extend_i32_s (call $wait (i32.const 2)))) (local.get $object))))
                        (unreachable))
                      ;; Of the innermost: an exception reference lives across the wait, an operand below it.
                      (local.set $exn)
                      (i32.add (call $wait (i32.const 3)))
                      (local.set $sum (i64.add (i64.extend_i32_s) (local.get $sum)))
                      (drop (call $wait (i32.const 4)))
                      (try_table (catch_ref $one $inner) (throw_ref (local.get $exn)))
                      (unreachable))
                    ;; Only $one comes here; $two goes on to the outermost.
                    (local.set $exn)
                    (i32.add (call $wait (i32.const 5)))
                    (local.set $sum (i64.add (i64.extend_i32_s) (local.get $sum)))
                    (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                    (br $again)))
                (unreachable))
              (local.set $object)
              (i64.add (local.get $sum))
              (i64.add (i64.extend_i32_s (call $wait (i32.const 6))))
              (local.get $object))
            """).GetFunction<Func<int, string, Task<(long, string)>>>("f");
        var call = f(1, "object");
        foreach (var gate in new[] { 1, 2, 3, 4, 5, 6 })
        {
            Assert.False(call.IsCompleted);
            guest.Open(gate, gate);
        }

        // First $one with 1 + 2, caught with the operand and 3, then with 5; then $two with the sum and 2, caught, then passed on.
        var first = 1_000_003L + (3 + 5);
        var second = first + 2;
        Assert.Equal((second + first + 1_000_003 + 6, "object"), call.Completed());
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
