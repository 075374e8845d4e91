namespace Fermata.Tests.Suspension;

/// <summary>
/// What ends a call cannot be caught by its own code. To the code around it, which was not cancelled, it is a host exception as any other
/// (JSPI checklist, lines 16 and 25).
/// </summary>
public sealed class NestedEndTests : IDisposable
{
    private const string Program = """
        (import "env" "back" (func $back))
        (import "host" "exception" (tag $host (param externref)))
        (global $caught (export "caught") (mut externref) (ref.null extern))
        (func (export "wait") (drop (call $wait (i32.const 0))))
        (func (export "spin") (block $caught (try_table (catch_all $caught) (loop $forever (br $forever)))))
        (func (export "outer") (result i32)
          (block $handler (result externref)
            (try_table (catch $host $handler) (call $back))
            (return (i32.const -1)))
          (global.set $caught)
          (i32.add (call $wait (i32.const 1)) (i32.const 100)))
        (func (export "outer, for ever") (result i32)
          (block $caught (try_table (catch_all $caught) (call $back)))
          (loop $forever (br $forever))
          (unreachable))
        """;

    // Without time slices code looks whether it is to stop only if it is told to.
    private readonly Bystander _bystander = new(options: new StoreOptions { TimeSlice = Timeout.InfiniteTimeSpan });
    private Instance? _instance;

    private GatedGuest Guest => _bystander.Guest;

    public void Dispose() => _bystander.Dispose();

    [Fact]
    public async Task ACallThatWaitsIsCancelledAlone()
    {
        using var source = new CancellationTokenSource();
        var outer = Start("outer", Task (Caller caller) => caller.GetFunction("wait").InvokeAsync([], source.Token));
        Assert.False(outer.IsCompleted);
        await source.CancelAsync();
        AssertCaughtCancellation(outer, source.Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACallThatRunsIsCancelledAlone(bool isAsync)
    {
        using var source = new CancellationTokenSource();
        var outer = Start("outer", (Caller caller) =>
        {
            source.CancelAfter(1);
            return Spin(caller.GetFunction("spin"), isAsync, source.Token);
        });
        AssertCaughtCancellation(outer, source.Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACallThatIsCancelledBeforeItStartsIsCancelledAlone(bool isAsync)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var outer = Start("outer", (Caller caller) => Spin(caller.GetFunction("spin"), isAsync, source.Token));
        AssertCaughtCancellation(outer, source.Token);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ACancellationOfBothEndsTheOuterCallToo(bool isAsync, bool isLinked)
    {
        using var source = new CancellationTokenSource();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(source.Token);
        var outer = Task.Run(() => Start(
            "outer, for ever",
            (Caller caller) =>
            {
                source.CancelAfter(1);
                return Spin(caller.GetFunction("spin"), isAsync, isLinked ? linked.Token : source.Token);
            },
            source.Token));
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outer.InTime());
        Assert.Equal(source.Token, failure.CancellationToken);
        _bystander.AssertUnharmed();
    }

    [Fact]
    public async Task ACancellationOfBothWhileTheyWaitEndsTheOuterCallToo()
    {
        using var source = new CancellationTokenSource();
        var outer = Start(
            "outer, for ever",
            Task (Caller caller, CancellationToken token) => caller.GetFunction("wait").InvokeAsync([], token),
            source.Token);
        Assert.False(outer.IsCompleted);

        // The token tells the inner call first.
        await source.CancelAsync();
        Assert.True(outer.IsCanceled);
        _bystander.AssertUnharmed();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheStoreOfAnotherCallIsDisposedWhileThatRuns(bool isAsync)
    {
        using var other = new GatedGuest();
        using var isInside = new ManualResetEventSlim();
        other.Linker.Define("env", "inside", isInside.Set);
        var spin = other.Instantiate("""
            (import "env" "inside" (func $inside))
            (func (export "spin") (call $inside) (block $caught (try_table (catch_all $caught) (loop $forever (br $forever)))))
            """).GetFunction("spin");
        var disposing = Task.Factory.StartNew(
            () =>
            {
                isInside.Wait();
                other.Dispose();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var outer = Start("outer", (Caller caller) => Spin(spin, isAsync, CancellationToken.None));
        await disposing.InTime();
        Assert.Equal(typeof(Store).FullName, Assert.IsType<ObjectDisposedException>(AssertCaught(outer)).ObjectName);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DisposingTheStoreEndsBothCalls(bool isAsync)
    {
        using var isInside = new ManualResetEventSlim();
        var outer = Task.Run(() => Start("outer, for ever", (Caller caller) =>
        {
            isInside.Set();
            return Spin(caller.GetFunction("spin"), isAsync, CancellationToken.None);
        }));
        isInside.Wait();
        await Task.Run(Guest.Dispose).InTime();
        Assert.Equal(typeof(Store).FullName, (await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => outer.InTime())).ObjectName);
    }

    /// <summary>Makes the inner call: a synchronous one in a synchronous manner, or a promising one that runs until it is stopped.</summary>
    private static Task Spin(Function spin, bool isAsync, CancellationToken token)
    {
        if (isAsync)
            return spin.InvokeAsync([], token);
        spin.Invoke([], token);
        return Task.CompletedTask;
    }

    private Task<int> Start(string name, Delegate back, CancellationToken token = default)
    {
        Guest.Linker.Define("env", "back", back).Define("host", "exception", Guest.Store.HostExceptionTag);
        _instance = Guest.Instantiate(Program);
        return _instance.GetFunction<Func<CancellationToken, Task<int>>>(name)(token);
    }

    private void AssertCaughtCancellation(Task<int> outer, CancellationToken token) =>
        Assert.Equal(token, Assert.IsAssignableFrom<OperationCanceledException>(AssertCaught(outer)).CancellationToken);

    private object? AssertCaught(Task<int> outer)
    {
        Assert.False(outer.IsCompleted);
        Guest.Open(1, 1);
        Assert.Equal(101, outer.Completed());
        _bystander.AssertUnharmed();
        return _instance!.GetGlobal("caught").Value.AsRef();
    }
}
