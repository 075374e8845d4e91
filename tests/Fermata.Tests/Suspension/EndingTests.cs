namespace Fermata.Tests.Suspension;

/// <summary>Whatever code does, it ends when its call is cancelled or its store disposed: where it neither loops nor calls, too.</summary>
public sealed class EndingTests : IDisposable
{
    // Each takes minutes if nothing ends it.
    private const string Fill = "(memory.fill (i32.const 0) (i32.const 7) (i32.const 0x4000000)) ";
    private const string Copy = "(memory.copy (i32.const 1) (i32.const 0) (i32.const 0x3ffffff)) ";
    private const string FillArray = "(array.fill $a (local.get $array) (i32.const 0) (i64.const 7) (i32.const 0x2000000)) ";
    private const string CopyArray = "(array.copy $a $a (local.get $array) (i32.const 1) (local.get $array) (i32.const 0) (i32.const 0x1ffffff)) ";
    private const string FillTable = "(table.fill (i32.const 0) (ref.func $f) (i32.const 10000000)) ";
    private const string CopyTable = "(table.copy (i32.const 1) (i32.const 0) (i32.const 9999999)) ";
    private const int Times = 20_000;

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    public static TheoryData<string, string> Straight => new()
    {
        { "(memory 1024)", Fill },
        { "(memory 1024)", Copy },
        { "(type $a (array (mut i64)))", FillArray },
        { "(type $a (array (mut i64)))", CopyArray },
        { "(table 10000000 funcref) (elem declare func $f)", FillTable },
        { "(table 10000000 funcref)", CopyTable },
    };

    [Theory]
    [MemberData(nameof(Straight))]
    public Task WorkOnRangesWithoutALoop(string fields, string instruction)
    {
        var array = fields.Contains("$a", StringComparison.Ordinal);
        return Ends($"""
            {fields}
            (func $f (export "f") {(array ? "(local $array (ref $a)) (local.set $array (array.new_default $a (i32.const 0x2000000)))" : "")}
              {string.Concat(Enumerable.Repeat(instruction, array ? Times / 10 : Times))})
            """);
    }

    [Fact]
    public Task WorkOnARangeAfterEachOfManyCallsHasReturned() => Ends($"""
        (memory 1024)
        (func $down (param $n i32)
          (if (local.get $n) (then (call $down (i32.sub (local.get $n) (i32.const 1)))))
          {Fill})
        (func (export "f") (call $down (i32.const {Times})))
        """);

    /// <summary>Where a collection waits for code, all threads do, and nothing can end the call: this would not fail but stand still.</summary>
    [Theory]
    [InlineData("(memory.fill (i32.const 8) (i32.const 0) (i32.const 2))")]
    [InlineData("(memory.copy (i32.const 8) (i32.const 0) (i32.const 2))")]
    [InlineData("(memory.init $d (i32.const 8) (i32.const 0) (i32.const 2))")]
    [InlineData("(i32.store (i32.const 8) (i32.const 1))")]
    public async Task ALoopIsStoppedForACollectionOfGarbage(string body)
    {
        var f = _guest.Instantiate($"""(memory 1) (data $d "abcdef") (func (export "f") (loop $l {body} (br $l)))""").GetFunction("f");
        using var source = new CancellationTokenSource();
        var call = Task.Run(() => f.Invoke([], source.Token));
        await Task.Delay(100);
        GC.Collect();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
    }

    /// <summary>Where .NET finds a method too large for its optimizer, it does not stop a loop that calls only functions that do nothing. A loop with an end, so that the test has one too.</summary>
    [Fact]
    public async Task ALoopInALargeFunctionIsStoppedForACollectionOfGarbage()
    {
        var branches = string.Concat(Enumerable.Repeat("(br_if $out (local.get $n)) ", 2_100));
        var f = _guest.Instantiate($"""
            (type $empty (func))
            (table funcref (elem $empty))
            (func $empty)
            (func (export "f") (param $n i32) (local $left i64)
              (block $out {branches})
              (local.set $left (i64.const 50_000_000_000))
              (loop $l
                (call_indirect (type $empty) (local.get $n))
                (br_if $l (i64.ne (local.tee $left (i64.sub (local.get $left) (i64.const 1))) (i64.const 0)))))
            """).GetFunction("f");
        using var source = new CancellationTokenSource();
        var call = Task.Run(() => f.Invoke([0], source.Token));
        await Task.Delay(300);
        GC.Collect();
        Assert.False(call.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
    }

    // The JIT makes a loop of the first.
    [Theory]
    [InlineData("(return_call $f)")]
    [InlineData("(return_call $g)")]
    [InlineData("(return_call_ref $t (ref.func $f))")]
    public Task TailCallsWithoutEnd(string call) => Ends($"""
        (type $t (func))
        (func $f (export "f") {call})
        (func $g (return_call $f))
        """);

    [Theory]
    [InlineData("(call $host) (loop $l (br $l))")]
    [InlineData("(loop $l (call $host) (br $l))")]
    [InlineData("(loop $l (call $untyped) (br $l))")]
    [InlineData("(loop $l (call $async) (br $l))")]
    public Task AHostFunctionTakesItForItsOwnAffair(string body)
    {
        void CallAndCatch(Caller caller)
        {
            try
            {
                caller.GetFunction("endless").Invoke();
            }
#pragma warning disable CA1031 // As code does that logs what went wrong and goes on.
            catch
#pragma warning restore CA1031
            {
            }
        }

        _guest.Linker
            .Define("env", "host", CallAndCatch)
            .Define("env", "untyped", new FuncType([], []), (caller, _, _) => CallAndCatch(caller))
            .Define("env", "async", (Caller caller) =>
            {
                CallAndCatch(caller);
                return Task.CompletedTask;
            });
        return Ends(
            $"""
            (import "env" "host" (func $host)) (import "env" "untyped" (func $untyped)) (import "env" "async" (func $async))
            (func (export "endless") (loop $l (br $l)))
            (func (export "f") {body})
            """,
            mustPromise: body.Contains("$async", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AHostFunctionMayTakeTheEndOfACallForItsOwnAffairThatAloneWasCancelled()
    {
        _guest.Linker.Define("env", "host", (Caller caller) =>
        {
            using var source = new CancellationTokenSource(5);
            Assert.ThrowsAny<OperationCanceledException>(() => caller.GetFunction("endless").Invoke([], source.Token));
        });
        var f = _guest.Instantiate("""
            (import "env" "host" (func $host))
            (func (export "endless") (loop $l (br $l)))
            (func (export "f") (result i32) (call $host) (call $host) (i32.const 5))
            """).GetFunction<Func<Task<int>>>("f");
        Assert.Equal(5, await f().InTime());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallsInsideOneAnotherThatHaveOneTokenEndAsOne(bool isPromising)
    {
        using var source = new CancellationTokenSource();
        _guest.Linker.Define("env", "nest", (Caller caller, int depth) => caller.GetFunction("f").Invoke([depth - 1], source.Token)[0].AsI32());
        _guest.Linker.Define("env", "cancel", () => source.Cancel());
        var f = _guest.Instantiate("""
            (import "env" "nest" (func $nest (param i32) (result i32))) (import "env" "cancel" (func $cancel))
            (func (export "f") (param i32) (result i32)
              (if (result i32) (local.get 0) (then (call $nest (local.get 0))) (else (call $cancel) (loop $l (br $l)) (unreachable))))
            """).GetFunction("f");

        // Not what a task makes of it.
        var failure = isPromising ? await Record.ExceptionAsync(() => f.InvokeAsync([5], source.Token)) : Record.Exception(() => f.Invoke([5], source.Token));
        Assert.Equal(source.Token, Assert.IsAssignableFrom<OperationCanceledException>(failure).CancellationToken);
        Assert.Equal(typeof(Exception).Assembly, failure.GetType().Assembly);
    }

    private async Task Ends(string fields, bool mustPromise = false)
    {
        var f = _guest.Instantiate(fields).GetFunction("f");
        foreach (var promises in new[] { true, mustPromise })
        {
            using var source = new CancellationTokenSource(20);
            var call = Task.Run(() => promises ? f.InvokeAsync([], source.Token) : Task.FromResult(f.Invoke([], source.Token)));
            Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime())).CancellationToken);
        }

        var last = Task.Run(() => f.InvokeAsync());
        await Task.Delay(20);
        await Task.Run(_guest.Store.Dispose).InTime();
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => last.InTime());
    }
}
