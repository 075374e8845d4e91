namespace Fermata.Emscripten.Tests;

/// <summary>Contexts of <c>ucontext.h</c>: <c>getcontext</c>, <c>makecontext</c>, <c>swapcontext</c>, <c>setcontext</c>.</summary>
public sealed class ContextTests
{
    private const int Main = 1024, Other = 2048, Third = 3072, Missing = 4096, Link = 4, StackAddress = 8, StackSize = 16, Errno = 512, HasBegun = 520;

    /// <summary>The functions of the table, to which contexts begin.</summary>
    private const int Generator = 0, Trap = 1, Endless = 2, Nothing = 3, LeaveForGood = 4, Yields = 5, Remakes = 6;

    /// <summary>
    /// <c>sum</c> adds up in a variable on its own C stack what a generator adds there, whose own variable is on the stack of its context, and which waits for the clock each
    /// time. <c>switch</c> goes to the other context once.
    /// </summary>
    private const string Program = """
        (import "env" "getcontext" (func $get (param i32) (result i32)))
        (import "env" "makecontext" (func $make (param i32 i32 i32 i32)))
        (import "env" "swapcontext" (func $swap (param i32 i32) (result i32)))
        (import "env" "setcontext" (func $set (param i32) (result i32)))
        (import "env" "emscripten_sleep" (func $sleep (param i32)))
        (memory (export "memory") 2)
        (global $sp (mut i32) (i32.const 65536))
        (global $done (mut i32) (i32.const 0))
        (global $stackOfOther (export "stackOfOther") (mut i32) (i32.const 0))
        (table (export "__indirect_function_table") funcref (elem $generator $trap $endless $nothing $leaveForGood $yields $remakes))
        (func (export "__errno_location") (result i32) (i32.const 512))
        (func (export "stackSave") (result i32) (global.get $sp))
        (func (export "stackRestore") (param i32) (global.set $sp (local.get 0)))
        (global $heap (mut i32) (i32.const 90112))
        (global $regions (export "regions") (mut i32) (i32.const 0))
        (func (export "malloc") (param $size i32) (result i32)
          (global.set $regions (i32.add (global.get $regions) (i32.const 1)))
          (global.get $heap)
          (global.set $heap (i32.add (global.get $heap) (local.get $size))))
        (func (export "free") (param i32))

        (func $generator (param $count i32) (param $sum i32)
          (local $variable i32)
          (global.set $stackOfOther (global.get $sp))
          (local.set $variable (i32.sub (global.get $sp) (i32.const 16)))
          (global.set $sp (local.get $variable))
          (i32.store (local.get $variable) (i32.const 1))
          (loop $next
            (call $sleep (i32.const 1))
            (i32.store (local.get $sum) (i32.add (i32.load (local.get $sum)) (i32.load (local.get $variable))))
            (drop (call $swap (i32.const 2048) (i32.const 1024)))
            (i32.store (local.get $variable) (i32.add (i32.load (local.get $variable)) (i32.const 1)))
            (br_if $next (i32.le_u (i32.load (local.get $variable)) (local.get $count))))
          (global.set $done (i32.const 1))
          (global.set $sp (i32.add (local.get $variable) (i32.const 16))))
        (func $trap (unreachable))
        (func $endless (i32.store (i32.const 520) (i32.const 1)) (loop $again (br $again)))
        (func $nothing)
        (func $leaveForGood (drop (call $set (i32.const 1024))) (unreachable))
        (func $yields (loop $again (drop (call $swap (i32.const 2048) (i32.const 1024))) (br $again)))
        (func $remakes
          (call $make (i32.const 2048) (i32.const 4) (i32.const 0) (i32.const 256))
          (call $sleep (i32.const 1))
          (drop (call $set (i32.const 1024)))
          (unreachable))

        (func (export "sum") (param $count i32) (result i32)
          (local $variable i32)
          (local.set $variable (i32.sub (global.get $sp) (i32.const 16)))
          (global.set $sp (local.get $variable))
          (i32.store (local.get $variable) (i32.const 0))
          (i32.store offset=8 (local.get $variable) (local.get $count))
          (i32.store offset=12 (local.get $variable) (local.get $variable))
          (call $make (i32.const 2048) (i32.const 0) (i32.const 2) (i32.add (local.get $variable) (i32.const 8)))
          (loop $next
            (drop (call $swap (i32.const 1024) (i32.const 2048)))
            (br_if $next (i32.eqz (global.get $done))))
          (global.set $sp (i32.add (local.get $variable) (i32.const 16)))
          (i32.load (local.get $variable)))
        (func (export "get") (param i32) (result i32) (call $get (local.get 0)))
        (func (export "set") (param i32) (result i32) (call $set (local.get 0)))
        (func (export "make") (param i32 i32 i32) (call $make (local.get 0) (local.get 1) (local.get 2) (i32.const 256)))
        (func (export "switch") (param i32) (result i32) (call $swap (i32.const 1024) (local.get 0)))
        """;

    private static readonly StoreOptions Separate = new() { ShadowStack = ShadowStackPolicy.Separate, SeparateStackBytes = 8192 };
    private static readonly Engine Plain = new();
    private static readonly Engine Suspending = new(new EngineOptions { SuspendEverywhere = true });

    [Theory]
    [InlineData(false, 80_000)]
    [InlineData(true, 80_000)]
    [InlineData(false, 16_384)]
    public async Task A_generator_waits_and_shares_its_variables(bool suspendsEverywhere, int stack)
    {
        const int count = 10, size = 4096;
        await using var instance = await StartAsync(suspendsEverywhere);
        instance.Memory.Write(Other + Link, Main);
        instance.Memory.Write(Other + StackAddress, stack);
        instance.Memory.Write(Other + StackSize, size);
        var sum = await instance.GetFunction("sum").InvokeAsync(count);
        Assert.Equal(stack + size, instance.Instance.GetGlobal("stackOfOther").Value.AsI32());
        Assert.Equal(count * (count + 1) / 2, sum[0].AsI32());
        Assert.Equal(65536, instance.GetFunction("stackSave").Invoke()[0].AsI32());
    }

    /// <summary>With stacks of the store contexts are on those, one each, which the next get when they have ended.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Contexts_are_on_stacks_of_the_store_if_its_policy_says_so(bool suspendsEverywhere)
    {
        const int count = 10, size = 4096;
        await using var instance = await StartAsync(suspendsEverywhere, Separate);
        instance.Memory.Write(Other + Link, Main);
        instance.Memory.Write(Other + StackAddress, 80_000);
        instance.Memory.Write(Other + StackSize, size);
        var sum = await instance.GetFunction("sum").InvokeAsync(count);
        Assert.Equal(count * (count + 1) / 2, sum[0].AsI32());
        Assert.InRange(instance.Instance.GetGlobal("stackOfOther").Value.AsI32(), 90_112, 90_112 + (3 * Separate.SeparateStackBytes));

        for (var i = 0; i < 20; i++)
        {
            await CallAsync(instance, "make", Other, Trap, 0);
            Assert.Equal(TrapKind.Unreachable, (await Assert.ThrowsAsync<TrapException>(() => CallAsync(instance, "switch", Other))).Kind);
        }

        for (var i = 0; i < 30_000 && instance.Store.Fibers.Count > 0; i++)
            await Task.Delay(10);
        Assert.Equal((65536, 2), (instance.GetFunction("stackSave").Invoke()[0].AsI32(), instance.Instance.GetGlobal("regions").Value.AsI32()));
    }

    [Fact]
    public async Task What_waits_for_nobody_is_no_context()
    {
        await using var instance = await StartAsync();
        Assert.Equal(0, await CallAsync(instance, "get", Other));
        Assert.Equal(-1, await CallAsync(instance, "switch", Other));
        Assert.Equal((int)Platform.Errno.EINVAL, instance.Memory.Read<int>(Errno));
        Assert.Equal(-1, await CallAsync(instance, "set", Missing));
        Assert.Equal(0, await CallAsync(instance, "switch", Main));
        await CallAsync(instance, "make", Other, Nothing, 9);
        Assert.Equal(-1, await CallAsync(instance, "switch", Other));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_ends_a_context_ends_the_call_that_waits_for_it(bool suspendsEverywhere)
    {
        await using var instance = await StartAsync(suspendsEverywhere);
        await CallAsync(instance, "make", Other, Trap, 0);
        Assert.Equal(TrapKind.Unreachable, (await Assert.ThrowsAsync<TrapException>(() => CallAsync(instance, "switch", Other))).Kind);
        await CallAsync(instance, "make", Other, Nothing, 0);
        Assert.Equal(0, (await Assert.ThrowsAsync<WasmExitException>(() => CallAsync(instance, "switch", Other))).ExitCode);
        await CallAsync(instance, "make", Other, LeaveForGood, 0);
        Assert.Equal(0, await CallAsync(instance, "switch", Other));
        await CallAsync(instance, "make", Other, Endless, 0);
        await EndAsync(instance, "switch");
        Assert.Equal(0, await CallAsync(instance, "get", Other));
    }

    [Fact]
    public async Task What_ends_a_context_ends_the_call_that_went_on_as_it()
    {
        await using var instance = await StartAsync();
        await CallAsync(instance, "make", Other, Trap, 0);
        Assert.Equal(TrapKind.Unreachable, (await Assert.ThrowsAsync<TrapException>(() => CallAsync(instance, "set", Other))).Kind);
        await CallAsync(instance, "make", Other, Endless, 0);
        await EndAsync(instance, "set");
        Assert.Equal(0, await CallAsync(instance, "get", Other));
    }

    [Fact]
    public async Task A_context_that_replaces_one_that_left_goes_on()
    {
        await using var instance = await StartAsync();
        await CallAsync(instance, "make", Other, LeaveForGood, 0);
        Assert.Equal(0, await CallAsync(instance, "switch", Other));
        await CallAsync(instance, "make", Third, Remakes, 0);
        Assert.Equal(0, await CallAsync(instance, "switch", Third));
    }

    [Fact]
    public async Task A_context_that_is_replaced_ends()
    {
        await using var instance = await StartAsync();
        for (var i = 0; i < 100; i++)
        {
            await CallAsync(instance, "make", Other, Yields, 0);
            Assert.Equal(0, await CallAsync(instance, "switch", Other));
            Assert.Equal(0, await CallAsync(instance, "switch", Other));
        }

        for (var i = 0; i < 30_000 && instance.Store.Fibers.Count > 1; i++)
            await Task.Delay(10);
        Assert.Single(instance.Store.Fibers);
    }

    [Fact]
    public async Task A_call_that_cannot_be_suspended_switches_to_none()
    {
        await using var instance = await StartAsync();
        await CallAsync(instance, "make", Other, Nothing, 0);
        var failure = Assert.Throws<InvalidOperationException>(() => instance.GetFunction("switch").Invoke(Other));
        Assert.Contains("Call its function with InvokeAsync", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Goes to the other context, and cancels that when it has begun.</summary>
    private static async Task EndAsync(EmscriptenInstance instance, string function)
    {
        using var cancellation = new CancellationTokenSource();
        var call = Task.Run(() => instance.GetFunction(function).InvokeAsync([Other], cancellation.Token));
        while (!call.IsCompleted && instance.Memory.Read<int>(HasBegun) == 0)
            await Task.Delay(1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static async Task<EmscriptenInstance> StartAsync(bool suspendsEverywhere = false, StoreOptions? options = null) =>
        await EmscriptenProgram.Load(suspendsEverywhere ? Suspending : Plain, ModuleInfo.Parse(Program).Bytes).StartAsync(new EmscriptenHost(), options);

    private static async Task<int> CallAsync(EmscriptenInstance instance, string name, params Value[] arguments) =>
        await instance.GetFunction(name).InvokeAsync(arguments) is [var result] ? result.AsI32() : 0;
}
