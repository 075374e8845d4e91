namespace Fermata.Tests.Suspension;

/// <summary>What a program keeps in its memory for the call that runs is put away while that is suspended.</summary>
public sealed class CallStateTests
{
    private const string Text =
        """
        (module
          (import "host" "wait" (func $wait (param i32)))
          (import "host" "nest" (func $nest))
          (global $current (export "current") (mut i32) (i32.const 0))
          (func (export "call") (param $number i32) (result i32)
            (global.set $current (local.get $number))
            (call $wait (local.get $number))
            (global.get $current)
            (global.set $current (i32.const 0)))
          (func (export "outer") (result i32)
            (global.set $current (i32.const 100))
            (call $nest)
            (global.get $current)
            (global.set $current (i32.const 0)))
          (func (export "look") (param $number i32) (result i32) (global.get $current))
          (func (export "trap") (param $number i32)
            (global.set $current (local.get $number))
            (call $wait (local.get $number))
            (unreachable)))
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EachCallHasItsOwn(bool suspendsEverywhere)
    {
        var program = new Program(suspendsEverywhere);
        var calls = Enumerable.Range(1, 5).Select(program.Call).ToArray();
        Assert.Equal(0, program.Current);
        program.Waits[3].SetResult();
        Assert.Equal(3, await calls[2]);
        Assert.Equal(0, program.Current);
        foreach (var number in new[] { 5, 1, 4, 2 })
            program.Waits[number].SetResult();
        var results = await Task.WhenAll(calls);
        Assert.Equal([1, 2, 3, 4, 5], results);
    }

    [Fact]
    public async Task ACallThatFailsLeavesNothing()
    {
        var program = new Program(suspendsEverywhere: false);
        var failing = program.Instance.GetFunction<Func<int, Task>>("trap")(7);
        program.Waits[7].SetResult();
        await Assert.ThrowsAsync<TrapException>(() => failing);
        Assert.Equal(0, program.Current);

        using var cancellation = new CancellationTokenSource();
        var cancelled = program.Instance.GetFunction("call").InvokeAsync([8], cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(0, program.Current);
    }

    [Theory]
    [InlineData("call", false, 9)]
    [InlineData("call", true, 9)]
    [InlineData("look", true, 0)]
    [InlineData("trap", false, null)]
    [InlineData("trap", true, null)]
    public async Task ACallInsideAnotherHasItsOwn(string function, bool isAtOnce, int? result)
    {
        var program = new Program(suspendsEverywhere: false) { Inner = function };
        if (isAtOnce)
            program.Waits[9].SetResult();
        Assert.Equal(100, program.Instance.GetFunction<Func<int>>("outer")());
        program.Waits[9].TrySetResult();
        if (result is null)
            await Assert.ThrowsAsync<TrapException>(() => program.Nested!);
        else
            Assert.Equal(result, (await program.Nested!)[0].AsI32());
        Assert.Equal(0, program.Current);
    }

    private sealed class Program : CallState
    {
        private readonly Global _current;

        public Program(bool suspendsEverywhere)
        {
            var engine = new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere });
            var linker = new Linker(engine)
                .Define("host", "wait", (int number) => Waits[number].Task)
                .Define("host", "nest", () =>
                {
                    Nested = Instance!.GetFunction(Inner).InvokeAsync(9);
                    Assert.Equal(100, Current);
                });
            Instance = linker.Instantiate(new Store(engine, new StoreOptions { CallState = this }), Module.Parse(engine, Text));
            _current = Instance.GetGlobal("current");
        }

        public Instance Instance { get; }

        public TaskCompletionSource[] Waits { get; } = [.. Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource())];

        /// <summary>What is called inside another call.</summary>
        public string Inner { get; init; } = "call";

        public Task<Value[]>? Nested { get; private set; }

        public int Current => _current.Get<int>();

        public Task<int> Call(int number) => Instance.GetFunction<Func<int, Task<int>>>("call")(number);

        public override object? Suspend()
        {
            var current = Current;
            _current.Set(0);
            return current;
        }

        public override void Resume(object? state) => _current.Set((int)state!);

        public override void Abandon() => _current.Set(0);
    }
}
