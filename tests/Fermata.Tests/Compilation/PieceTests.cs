using System.Globalization;
using System.Text;

namespace Fermata.Tests.Compilation;

/// <summary>Functions that are too long for the JIT are compiled in pieces; see the suite in pieces, too (<c>wast --split-everywhere</c>).</summary>
public sealed class PieceTests
{
    private const int Cases = 60;
    private const int StepsPerCase = 40;

    [Fact]
    public void OfAnInterpretersLoopTheDispatchStaysAndEachCaseBecomesAPiece()
    {
        var module = Module.Parse(new Engine(), Interpreter());
        Assert.Empty(Made(module));

        Assert.Equal(Expected([3, 7, 3]), Run(module, [3, 7, 3]));
        Assert.Equal(Cases, Made(module).Count);
    }

    /// <summary>A call takes as much as a case of some 30 instructions.</summary>
    [Fact]
    public void ShortCasesOfAnInterpreterStayInItsLoop()
    {
        const int Long = 7;
        var module = Module.Parse(new Engine(), Interpreter(stepsOf: i => i == Long ? 700 : 4));
        Run(module, []);
        Assert.InRange(Made(module).Count, 1, Cases / 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnInterpreterGivesTheSameInPieces(bool suspendsEverywhere)
    {
        var program = Enumerable.Range(0, 500).Select(i => i * 7 % Cases).ToArray();
        var module = Module.Parse(new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere }), Interpreter());
        Assert.Equal(Expected(program), Run(module, program));
    }

    /// <summary>The call waits in a piece; after it the piece goes on, then the rest of the function, and then other pieces.</summary>
    [Fact]
    public async Task ACallThatWaitsInAPieceGoesOnThere()
    {
        var gate = new TaskCompletionSource<long>();
        using var store = new Store(new Engine());
        var module = Module.Parse(store.Engine, Interpreter("call $wait", "(import \"host\" \"wait\" (func $wait (result i64)))"));
        var instance = new Linker(store.Engine).Define("host", "wait", () => gate.Task).Instantiate(store, module);
        SetProgram(instance, [1, Cases - 1, 0]);

        var task = instance.GetFunction<Func<Task<long>>>("run")();
        Assert.False(task.IsCompleted);
        Assert.Equal(["run"], Assert.Single(store.Fibers).WasmStack.Select(frame => frame.FunctionName));
        gate.SetResult(5);

        Assert.Equal(Expected([1, Cases - 1, 0], awaited: 5), await task);
    }

    /// <summary>Every way to leave a piece: by its end, to labels around, to the head of a loop, by a return with a result, and never.</summary>
    [Theory]
    [InlineData(0, 101)]
    [InlineData(1, 112)]
    [InlineData(2, 1_000)]
    [InlineData(3, 1_023)]
    [InlineData(4, 7)]
    public void APieceIsLeftByEachOfItsWays(int way, int result)
    {
        var body = $"""
            (func (export "f") (param $way i32) (result i32) (local $x i32) (local $rounds i32)
              (block $outer (block $inner (loop $again
                {Filler}
                (if (i32.eq (local.get $way) (i32.const 1)) (then (local.set $x (i32.const 11)) (br $inner)))
                (if (i32.eq (local.get $way) (i32.const 2)) (then (local.set $x (i32.const 999)) (br $outer)))
                (if (i32.eq (local.get $way) (i32.const 4)) (then (return (i32.const 7))))
                (if (i32.and (i32.eq (local.get $way) (i32.const 3)) (i32.lt_u (local.get $rounds) (i32.const 22)))
                  (then (local.set $rounds (i32.add (local.get $rounds) (i32.const 1))) (br $again)))
                (if (i32.eq (local.get $way) (i32.const 3)) (then (local.set $x (i32.add (local.get $rounds) (i32.const 1_000))) (br $outer)))
                {Filler}))
                (local.set $x (i32.add (local.get $x) (i32.const 100))))
              (i32.add (local.get $x) (i32.const 1)))
            """;
        foreach (var options in new EngineOptions[] { new(), new() { SplitEverywhere = true }, new() { SplitEverywhere = true, SuspendEverywhere = true } })
        {
            using var store = new Store(new Engine(options));
            var module = Module.Parse(store.Engine, body);
            Assert.Equal(result, new Linker(store.Engine).Instantiate(store, module).GetFunction<Func<int, int>>("f")(way));
            Assert.NotEmpty(Made(module));
        }
    }

    /// <summary>Several values of a type, by a branch out of several pieces, by a return, and by the end of the function.</summary>
    /// <summary>One result comes in one value with the way by which the piece was left.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void WhatAPieceGivesBackIsWholeWhicheverWayItIsLeft(int value)
    {
        var body = $"""
            (func (export "f") (param $way i32) (param $value i32) (result i32 i32 i64)
              (local $x i32) (local $a i32) (local $b i32) (local $c i64) (local $left i32)
              (block $third (block $second (block $first
                {Filler}
                (local.set $a (local.get $value))
                (local.set $b (i32.sub (local.get $value) (i32.const 1)))
                (local.set $c (i64.extend_i32_s (local.get $value)))
                (br_if $first (i32.eq (local.get $way) (i32.const 1)))
                (br_if $second (i32.eq (local.get $way) (i32.const 2)))
                {Filler}
                (br $third))
                (local.set $left (i32.const 1)) (br $third))
                (local.set $left (i32.const 2)))
              (if (i32.ne (local.get $left) (local.get $way)) (then (unreachable)))
              (local.get $a) (local.get $b) (local.get $c))
            """;
        foreach (var options in new EngineOptions[] { new(), new() { SplitEverywhere = true }, new() { SplitEverywhere = true, SuspendEverywhere = true } })
        {
            using var store = new Store(new Engine(options));
            var module = Module.Parse(store.Engine, body);
            var f = new Linker(store.Engine).Instantiate(store, module).GetFunction<Func<int, int, (int, int, long)>>("f");
            for (var way = 0; way < 3; way++)
                Assert.Equal((value, unchecked(value - 1), value), f(way, value));
            Assert.NotEmpty(Made(module));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BranchesAndReturnsOfPiecesCarryValues(bool suspendsEverywhere)
    {
        using var store = new Store(new Engine(new EngineOptions { SplitEverywhere = true, SuspendEverywhere = suspendsEverywhere }));
        var f = new Linker(store.Engine).Instantiate(store, Module.Parse(store.Engine, """
            (func (export "f") (param $way i32) (result i32 i32 i64) (local $a i32) (local $b i32)
              (block (result i32 i32 i64)
                (nop) (nop) (nop) (nop)
                (if (i32.eq (local.get $way) (i32.const 1)) (then (br 1 (i32.const 1) (i32.const 2) (i64.const 3))))
                (nop) (nop) (nop) (nop)
                (if (i32.eq (local.get $way) (i32.const 2)) (then (return (i32.const 4) (i32.const 5) (i64.const 6))))
                (nop) (nop) (nop) (nop)
                (br_if 0 (i32.const 7) (i32.const 8) (i64.const 9) (i32.eq (local.get $way) (i32.const 3))) (drop) (local.set $b) (local.set $a)
                (nop) (nop) (nop) (nop)
                (local.set $a (i32.add (local.get $a) (local.get $b)))
                (local.get $a) (local.get $b) (i64.const 10)))
            """)).GetFunction<Func<int, (int, int, long)>>("f");
        Assert.Equal([(15, 8, 10), (1, 2, 3), (4, 5, 6), (7, 8, 9)], Enumerable.Range(0, 4).Select(f));
    }

    /// <summary>What a piece has changed is not lost when it throws: the handler is in the same function.</summary>
    [Fact]
    public void AHandlerSeesWhatTheBodyOfItsTryHasChanged()
    {
        using var store = new Store(new Engine(new EngineOptions { SplitEverywhere = true }));
        var module = Module.Parse(store.Engine, """
            (tag $e)
            (func $throws (throw $e))
            (func (export "f") (result i32) (local $x i32)
              (block $caught
                (try_table (catch_all $caught)
                  (local.set $x (i32.const 1)) (nop) (nop)
                  (local.set $x (i32.const 2)) (nop) (nop)
                  (call $throws)
                  (local.set $x (i32.const 3)) (nop) (nop)))
              (local.set $x (i32.mul (local.get $x) (i32.const 10)))
              (local.get $x))
            """);
        Assert.Equal(20, new Linker(store.Engine).Instantiate(store, module).GetFunction<Func<int>>("f")());
    }

    /// <summary>An exception leaves a piece, then its function, which is told once, and is caught by the caller.</summary>
    [Fact]
    public void AnExceptionLeavesPieceAndFunction()
    {
        using var store = new Store(new Engine(new EngineOptions { SplitEverywhere = true }));
        var instance = new Linker(store.Engine).Instantiate(store, Module.Parse(store.Engine, """
            (tag $e (export "e") (param i32))
            (func $inner (export "inner") (param $x i32) (nop) (nop) (nop) (if (local.get $x) (then (throw $e (local.get $x)))) (nop) (nop) (nop))
            (func (export "outer") (nop) (nop) (nop) (nop) (call $inner (i32.const 4)) (nop) (nop) (nop))
            (func (export "catches") (result i32) (nop) (nop) (nop) (nop) (block $h (result i32) (try_table (catch $e $h) (call $inner (i32.const 9))) (i32.const 0)))
            """));
        var exception = Assert.Throws<WasmException>(instance.GetFunction<Action>("outer"));
        Assert.Equal(["inner", "outer"], exception.WasmStack.Select(frame => frame.FunctionName));
        Assert.Equal(9, instance.GetFunction<Func<int>>("catches")());
    }

    /// <summary>A function that calls itself from a piece, deeper than the native stack.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARecursionThroughPiecesMovesToTheHeap(bool suspendsEverywhere)
    {
        using var store = new Store(new Engine(new EngineOptions { SplitEverywhere = true, SuspendEverywhere = suspendsEverywhere, MaxNativeStackBytes = 200_000 }));
        var instance = new Linker(store.Engine).Instantiate(store, Module.Parse(store.Engine, """
            (func $sum (export "sum") (param $n i64) (result i64) (local $rest i64)
              (nop) (nop) (nop)
              (if (i64.ne (local.get $n) (i64.const 0)) (then (local.set $rest (call $sum (i64.sub (local.get $n) (i64.const 1))))))
              (nop) (nop) (nop)
              (i64.add (local.get $n) (local.get $rest)))
            """));
        Assert.Equal(20_000L * 20_001 / 2, instance.GetFunction<Func<long, long>>("sum")(20_000));
    }

    /// <summary>A store has room for the values of an interrupted function before its pieces are compiled, also where the function itself is when the module is loaded.</summary>
    [Theory]
    [InlineData(1_500)]
    [InlineData(6_000)]
    public void AStoreHasRoomForTheValuesOfAPieceThatIsInterrupted(int fillers)
    {
        const int Locals = 120;
        using var store = new Store(new Engine());
        var locals = Enumerable.Range(0, Locals).ToList();
        var module = Module.Parse(store.Engine, $"""
            (func (export "f") (param $n i32) (result i64) (local $x i32) {string.Concat(locals.Select(i => $"(local $l{i} i64) "))}
              {Repeat("(local.set $x (i32.add (local.get $x) (i32.const 1))) ", fillers)}
              (local.set $x (i32.const 0))
              (block $all
                {string.Concat(locals.Select(i => $"(local.set $l{i} (i64.const {i})) "))}
                (loop $again (local.set $x (i32.add (local.get $x) (i32.const 1))) (br_if $again (i32.lt_u (local.get $x) (local.get $n))))
                (local.set $l0 {string.Concat(locals.Skip(1).Select(_ => "(i64.add "))}(local.get $l0) {string.Concat(locals.Skip(1).Select(i => $"(local.get $l{i}))"))}))
              (local.get $l0))
            """);
        var room = module.Code.LargestStop;

        var f = new Linker(store.Engine).Instantiate(store, module).GetFunction<Func<int, long>>("f");
        Assert.Equal(Locals * (Locals - 1) / 2, f(3));
        var most = Made(module).SelectMany(module.Code.Sites).Max(site => site.NumberCount);
        Assert.InRange(most, Locals, room.Numbers);
    }

    /// <summary>Straight code, more than the limits of a method: the pieces follow each other.</summary>
    [Fact]
    public void AFunctionOfAHundredThousandCallsIsCompiledInPieces()
    {
        const int Calls = 100_000;
        using var store = new Store(new Engine());
        var module = Module.Parse(store.Engine, $"""
            (global $n (mut i32) (i32.const 0))
            (func $count (param i32) (global.set $n (i32.add (global.get $n) (local.get 0))))
            (func (export "f") (result i32) {Repeat("(call $count (i32.const 1)) ", Calls)} (global.get $n))
            """);
        Assert.Equal(Calls, new Linker(store.Engine).Instantiate(store, module).GetFunction<Func<int>>("f")());
    }

    /// <summary>Statements that come to the most instructions of a piece only together.</summary>
    private static string Filler => Repeat("(local.set $x (i32.xor (i32.add (local.get $x) (i32.const 3)) (i32.const 3))) ", 500) + "(local.set $x (i32.const 0)) ";

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    /// <summary>What <see cref="Interpreter"/> runs: in each case the sum is multiplied, and something is added, some times.</summary>
    private static long Expected(int[] program, long awaited = 0)
    {
        var sum = 0L;
        foreach (var operation in program)
        {
            sum += operation == Cases - 1 ? awaited : 0;
            for (var step = 0; step < StepsPerCase; step++)
                sum = (sum * (operation + 3)) + step;
        }

        return sum;
    }

    /// <summary>A loop that runs the instructions in memory, one byte each, until it comes to one for which there is no case.</summary>
    /// <param name="addend">What the last case adds first.</param>
    /// <param name="import">What the module imports.</param>
    /// <param name="stepsOf">How many steps each case has; null for <see cref="StepsPerCase"/> in all.</param>
    private static string Interpreter(string addend = "i64.const 0", string import = "", Func<int, int>? stepsOf = null)
    {
        var cases = Enumerable.Range(0, Cases);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            {import}
            (memory 1)
            (func (export "set") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
            (func (export "run") (result i64) (local $pc i32) (local $sum i64) (local $op i32)
              (loop $next (block $end {string.Concat(cases.Reverse().Select(i => $"(block $case{i} "))}
                (local.set $op (i32.load8_u (local.get $pc)))
                (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
                (br_table {string.Concat(cases.Select(i => $"$case{i} "))} $end (local.get $op))
            """);
        foreach (var i in cases)
        {
            text.Append(CultureInfo.InvariantCulture, $") (local.set $sum (i64.add (local.get $sum) ({(i == Cases - 1 ? addend : "i64.const 0")})))\n");
            for (var step = 0; step < (stepsOf?.Invoke(i) ?? StepsPerCase); step++)
                text.Append(CultureInfo.InvariantCulture, $"(local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const {i + 3})) (i64.const {step})))\n");
            text.Append("(br $next)\n");
        }

        return text.Append(")) (local.get $sum))").ToString();
    }

    private static long Run(Module module, int[] program)
    {
        using var store = new Store(module.Engine);
        var instance = new Linker(module.Engine).Instantiate(store, module);
        SetProgram(instance, program);
        return instance.GetFunction<Func<long>>("run")();
    }

    private static void SetProgram(Instance instance, int[] program)
    {
        var set = instance.GetFunction<Action<int, int>>("set");
        foreach (var (place, operation) in program.Append(Cases).Index())
            set(place, operation);
    }

    /// <summary>The numbers of the pieces that are compiled.</summary>
    private static List<int> Made(Module module) =>
        [.. Enumerable.Range(0, module.Code.NumberCount).Where(number => !module.HasFunction(number) && module.Code.Sites(number) is not null)];
}
