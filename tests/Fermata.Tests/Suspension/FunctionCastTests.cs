using Fermata.Tests.Hosting;

namespace Fermata.Tests.Suspension;

/// <summary>Indirect calls of functions of other types (<see cref="EngineOptions.AllowsFunctionPointerCasts"/>).</summary>
public sealed class FunctionCastTests
{
    private const string WaitImport = """(import "env" "wait" (func $wait (param i32) (result i32))) """;

    /// <summary>The four ways in which the code of a call can run.</summary>
    public static TheoryData<bool, string> Forms => new()
    {
        { false, "call_indirect" }, { false, "return_call_indirect" }, { true, "call_indirect" }, { true, "return_call_indirect" },
    };

    [Theory]
    [InlineData("(param i32)", "i32.const 7", "(param i32 i32) (result i32)", "(i32.add (local.get 0) (local.get 1))", "(result i32)", "i32:7")]
    [InlineData("(param i32 i32)", "i32.const 7 i32.const 8", "(param i32) (result i32)", "(local.get 0)", "(result i32)", "i32:7")]
    [InlineData("", "", "(param i64 f32 f64 v128 externref) (result i32)", "(ref.is_null (local.get 4))", "(result i32)", "i32:1")]
    [InlineData("", "", "(param v128) (result i64)", "(i64x2.extract_lane 1 (local.get 0))", "(result i64)", "i64:0")]
    [InlineData("(param i32)", "i32.const -1", "(param i64) (result i64)", "(local.get 0)", "(result i64)", "i64:4294967295")]
    [InlineData("(param i64)", "i64.const 0x200000001", "(param i32) (result i32)", "(local.get 0)", "(result i32)", "i32:1")]
    [InlineData("(param f32)", "f32.const 1", "(param i32) (result i32)", "(local.get 0)", "(result i32)", "i32:1065353216")]
    [InlineData("(param f32)", "f32.const 1", "(param i64) (result i64)", "(local.get 0)", "(result i64)", "i64:1065353216")]
    [InlineData("(param f32)", "f32.const 1", "(param f64) (result i64)", "(i64.reinterpret_f64 (local.get 0))", "(result i64)", "i64:1065353216")]
    [InlineData("(param f64)", "f64.const 1", "(param i64) (result i64)", "(local.get 0)", "(result i64)", "i64:4607182418800017408")]
    [InlineData("(param f64)", "f64.const 2.0000005", "(param f32) (result i32)", "(i32.reinterpret_f32 (local.get 0))", "(result i32)", "i32:1125899907")]
    [InlineData("(param i64)", "i64.const 4607182418800017408", "(param f64) (result f64)", "(local.get 0)", "(result f64)", "f64:1")]
    [InlineData("(param i32)", "i32.const 1065353216", "(param f32) (result f32)", "(local.get 0)", "(result f32)", "f32:1")]
    [InlineData("", "", "", "", "(result i32)", "i32:0")]
    [InlineData("", "", "", "", "(result f64 i32)", "f64:0 i32:0")]
    [InlineData("", "", "(result i32)", "(i32.const 3)", "", "")]
    [InlineData("", "", "(result i32 i64)", "(i32.const 3) (i64.const 4)", "(result i32)", "i32:3")]
    [InlineData("", "", "(result i32 i64)", "(i32.const 3) (i64.const 4)", "(result i64 i32 f32)", "i64:3 i32:4 f32:0")]
    [InlineData("", "", "(result i32 i64)", "(i32.const 3) (i64.const 4)", "(result i32 i64)", "i32:3 i64:4")]
    [InlineData("", "", "(result f32)", "(f32.const 1)", "(result i32)", "i32:1065353216")]
    [InlineData("(param externref)", "ref.null extern", "(param externref i32) (result i32)", "(ref.is_null (local.get 0))", "(result i32)", "i32:1")]
    public void ArgumentsAndResultsAreConverted(string parameters, string arguments, string type, string body, string results, string expected)
    {
        foreach (var (isForced, call) in new[] { (false, "call_indirect"), (false, "return_call_indirect"), (true, "call_indirect"), (true, "return_call_indirect") })
        {
            using var guest = NewGuest(isForced);
            var instance = guest.Instantiate($"""
                (table funcref (elem $target))
                (func $target {type} {body})
                (func (export "f") {results} {arguments} i32.const 0 {call} {parameters} {results})
                """);
            Assert.Equal(expected, string.Join(' ', instance.GetFunction("f").Invoke().Select(value => value.ToString())));
        }
    }

    [Theory]
    [InlineData("(param i32)", "i32.const 7", "(param externref)")]
    [InlineData("(param i32)", "i32.const 7", "(param v128)")]
    [InlineData("(param externref)", "ref.null extern", "(param funcref)")]
    [InlineData("", "", "(param (ref func))")]
    [InlineData("(param v128)", "v128.const i64x2 0 0", "(param i64)")]
    public void TypesThatCannotBeConvertedTrap(string parameters, string arguments, string type)
    {
        using var guest = NewGuest();
        var instance = guest.Instantiate($"""
            (table funcref (elem $target))
            (func $target {type})
            (func (export "f") {arguments} (call_indirect {parameters} (i32.const 0)))
            """);
        var trap = Assert.Throws<TableTrapException>(() => instance.GetFunction("f").Invoke());
        Assert.Equal(TrapKind.IndirectCallTypeMismatch, trap.Kind);
        Assert.Contains("\"target\"", trap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoFunctionAtAllTraps()
    {
        using var guest = NewGuest();
        var instance = guest.Instantiate("""
            (table 2 funcref)
            (func (export "f") (param i32) (call_indirect (local.get 0)))
            """);
        Assert.Equal(TrapKind.UninitializedElement, Assert.Throws<TableTrapException>(() => instance.GetFunction("f").Invoke(1)).Kind);
        Assert.Equal(TrapKind.UndefinedElement, Assert.Throws<TableTrapException>(() => instance.GetFunction("f").Invoke(2)).Kind);
    }

    [Fact]
    public void WithoutTheOptionItTraps()
    {
        using var guest = new Guest();
        var instance = guest.Instantiate("""
            (table funcref (elem $target))
            (func $target (param i32))
            (func (export "f") (call_indirect (i32.const 0)))
            """);
        Assert.Equal(TrapKind.IndirectCallTypeMismatch, Assert.Throws<TableTrapException>(() => instance.GetFunction("f").Invoke()).Kind);
    }

    /// <summary>As C's <c>qsort(items, n, size, (int (*)(const void *, const void *))strcmp_reverse)</c>, with comparators that return nothing of use or take more.</summary>
    [Fact]
    public void ASortTakesComparatorsOfOtherTypes()
    {
        using var guest = NewGuest();
        var instance = guest.Instantiate("""
            (memory (export "memory") 1)
            (table funcref (elem $compare64 $compare3))
            (func $compare64 (param i64 i64) (result i64)
              (i64.extend_i32_s (i32.sub (i32.load (i32.wrap_i64 (local.get 0))) (i32.load (i32.wrap_i64 (local.get 1))))))
            (func $compare3 (param i32 i32 i32) (result i32)
              (i32.add (local.get 2) (i32.sub (i32.load (local.get 1)) (i32.load (local.get 0)))))
            (func $sort (export "sort") (param $n i32) (param $compare i32) (local $i i32) (local $j i32) (local $t i32)
              (loop $outer
                (local.set $j (i32.const 0))
                (loop $inner
                  (if (i32.gt_s (call_indirect (param i32 i32) (result i32)
                        (local.get $j) (i32.add (local.get $j) (i32.const 4)) (local.get $compare)) (i32.const 0))
                    (then
                      (local.set $t (i32.load (local.get $j)))
                      (i32.store (local.get $j) (i32.load offset=4 (local.get $j)))
                      (i32.store offset=4 (local.get $j) (local.get $t))))
                  (br_if $inner (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 4))) (i32.mul (i32.const 4) (i32.sub (local.get $n) (i32.const 1))))))
                (br_if $outer (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))))
            (data (i32.const 0) "\03\00\00\00\01\00\00\00\04\00\00\00\02\00\00\00")
            """);
        var memory = instance.GetMemory("memory");
        instance.GetFunction("sort").Invoke(4, 0);
        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 4).Select(i => memory.Read<int>(4 * i)));
        instance.GetFunction("sort").Invoke(4, 1);
        Assert.Equal([4, 3, 2, 1], Enumerable.Range(0, 4).Select(i => memory.Read<int>(4 * i)));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task ACallSuspendsThroughTheCast(bool isForced, string call)
    {
        using var guest = NewGuest(isForced);
        var gate = new Gate();
        guest.Linker.Define("env", "wait", (int _) => gate.Wait());
        var instance = guest.Instantiate(WaitImport + $"""
            (table funcref (elem $target $wait))
            (func $target (param i32 i32) (result i32 i32) (call $wait (local.get 0)) (local.get 1))
            (func $inner (param i32 i64) (result i64) (local.get 1) (local.get 0) {call} (param i64) (result i64))
            (func (export "f") (param i32) (result i64) (i64.add (i64.const 100) (call $inner (local.get 0) (i64.const 5))))
            """);
        var converted = instance.GetFunction("f").InvokeAsync(0);
        var host = instance.GetFunction("f").InvokeAsync(1);
        Assert.False(converted.IsCompleted);
        gate.Open(-1);
        Assert.Equal(100 + 0xFFFFFFFFL, (await converted)[0].AsI64());
        Assert.Equal(100 + 0xFFFFFFFFL, (await host)[0].AsI64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExceptionsPassThroughTheCast(bool isForced)
    {
        using var guest = NewGuest(isForced);
        var gate = new Gate();
        guest.Linker.Define("env", "wait", (int _) => gate.Wait());
        var instance = guest.Instantiate(WaitImport + """
            (table funcref (elem $target))
            (tag $oops (param i32))
            (func $target (param i32) (throw $oops (call $wait (local.get 0))))
            (func (export "f") (result i32)
              (block $caught (result i32)
                (try_table (result i32) (catch $oops $caught)
                  (call_indirect (param i64 i32) (result i32) (i64.const 3) (i32.const 4) (i32.const 0)))))
            """);
        var call = instance.GetFunction("f").InvokeAsync();
        gate.Open(17);
        Assert.Equal(17, (await call)[0].AsI32());
    }

    /// <summary>Arguments that are computed where they are passed, with and without an effect, and values that wait below them while the call is suspended.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallsWithAndWithoutCastsTakeTurns(bool isForced)
    {
        using var guest = NewGuest(isForced);
        guest.Linker.Define("env", "wait", async (int value) =>
        {
            await Task.Yield();
            return value;
        });
        var instance = guest.Instantiate(WaitImport + """
            (table funcref (elem $exact $other))
            (global $count (mut i32) (i32.const 0))
            (func $next (result i32) (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))
            (func $exact (param i32 i64) (result i32) (i32.add (call $wait (local.get 0)) (i32.wrap_i64 (local.get 1))))
            (func $other (param i64 i32 i32) (result i64)
              (i64.extend_i32_u (i32.add (call $wait (i32.wrap_i64 (local.get 0))) (i32.mul (local.get 1) (i32.const 10)))))
            (func (export "f") (param $i i32) (result i32) (local $sum i32)
              (loop $next
                (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 3)) (i32.add (i32.mul (local.get $i) (i32.const 2))
                  (call_indirect (param i32 i64) (result i32)
                    (i32.xor (local.get $i) (i32.const 5)) (i64.extend_i32_u (call $next)) (i32.and (local.get $i) (i32.const 1))))))
                (br_if $next (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
              (local.get $sum))
            """);
        var (expected, count) = (0, 0);
        for (var i = 10; i > 0; i--)
            expected = (expected * 3) + (i * 2) + (i ^ 5) + (++count * (i % 2 == 0 ? 1 : 10));
        Assert.Equal(expected, (await instance.GetFunction("f").InvokeAsync(10))[0].AsI32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATailCallThroughACastLeavesItsTry(bool isForced)
    {
        using var guest = NewGuest(isForced);
        var gate = new Gate();
        guest.Linker.Define("env", "wait", (int _) => gate.Wait());
        var instance = guest.Instantiate(WaitImport + """
            (table funcref (elem $target))
            (tag $oops)
            (func $target (param i32) (result i32)
              (if (i32.eqz (local.get 0)) (then (throw $oops)))
              (call $wait (local.get 0)))
            (func $inner (param i32) (result i32)
              (block $caught
                (try_table (catch $oops $caught)
                  (return_call_indirect (param i64 i32) (result i32)
                    (i64.extend_i32_s (i32.sub (local.get 0) (i32.const 1))) (i32.const 3) (i32.const 0))))
              (i32.const -1))
            (func (export "f") (param i32) (result i32)
              (block $caught
                (return (try_table (result i32) (catch $oops $caught) (call $inner (local.get 0)))))
              (i32.const -2))
            """);
        Assert.Equal(-2, (await instance.GetFunction("f").InvokeAsync(1))[0].AsI32());
        var call = instance.GetFunction("f").InvokeAsync(2);
        gate.Open(17);
        Assert.Equal(17, (await call)[0].AsI32());
    }

    [Fact]
    public async Task ATraceHasTheCast()
    {
        using var guest = NewGuest();
        var gate = new Gate();
        guest.Linker.Define("env", "wait", (int _) => gate.Wait());
        var instance = guest.Instantiate(WaitImport + """
            (table funcref (elem $target))
            (func $target (drop (call $wait (i32.const 0))) unreachable)
            (func $caller (export "f") (result i32) (call_indirect (result i32) (i32.const 0)))
            """);
        var call = instance.GetFunction("f").InvokeAsync();
        gate.Open(0);
        var trap = await Assert.ThrowsAsync<TrapException>(() => call);
        Assert.Equal(["target", "function-pointer cast", "caller"], trap.WasmStack.Select(frame => frame.FunctionName));
    }

    [Fact]
    public void TailCallsThroughCastsTakeNoStack()
    {
        using var guest = NewGuest(movesStacks: false);
        var instance = guest.Instantiate("""
            (table funcref (elem $odd $even))
            (func $odd (param i32 i64) (result i32)
              (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1))
                (else (return_call_indirect (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1)) (i32.const 1)))))
            (func $even (param i64) (result i32)
              (if (result i32) (i64.eqz (local.get 0)) (then (i32.const 2))
                (else (return_call_indirect (param i64) (result i32) (i64.sub (local.get 0) (i64.const 1)) (i32.const 0)))))
            (func (export "f") (param i32) (result i32) (call $odd (local.get 0) (i64.const 0)))
            """);
        Assert.Equal(1, instance.GetFunction("f").Invoke(1_000_000)[0].AsI32());
        Assert.Equal(2, instance.GetFunction("f").Invoke(1_000_001)[0].AsI32());
    }

    [Fact]
    public void ARecursionThroughCastsMovesToTheHeap()
    {
        using var guest = NewGuest();
        var instance = guest.Instantiate("""
            (table funcref (elem $f))
            (func $f (export "f") (param i64) (result i64)
              (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 0))
                (else (i64.extend_i32_u (i32.add (i32.const 1)
                  (call_indirect (param i32) (result i32) (i32.wrap_i64 (i64.sub (local.get 0) (i64.const 1))) (i32.const 0)))))))
            """);
        Assert.Equal(300_000, instance.GetFunction("f").Invoke(300_000L)[0].AsI64());
    }

    [Fact]
    public void MoreThanAThousandCastsOfAModuleTrap()
    {
        using var guest = NewGuest();
        var types = Enumerable.Range(0, 33).Select(length => $"(param {string.Join(' ', Enumerable.Repeat("i32", length))})").ToList();
        var functions = string.Concat(types.Select((type, i) => $"(func $f{i} {type})"));
        var callers = string.Concat(types.Select((type, i) =>
            $"""(func (export "c{i}") (param i32) {string.Concat(Enumerable.Repeat("i32.const 1 ", i))} local.get 0 call_indirect {type})"""));
        var instance = guest.Instantiate($"(table funcref (elem {string.Join(' ', types.Select((_, i) => $"$f{i}"))})) {functions} {callers}");
        var trapped = 0;
        for (var i = 0; i < 33 * 33; i++)
        {
            try
            {
                instance.GetFunction($"c{i / 33}").Invoke(i % 33);
            }
            catch (TableTrapException)
            {
                trapped++;
            }
        }

        Assert.Equal((33 * 32) - 1_000, trapped);
    }

    private static Guest NewGuest(bool suspendEverywhere = false, bool movesStacks = true) => new(engine: new EngineOptions
    {
        AllowsFunctionPointerCasts = true,
        SuspendEverywhere = suspendEverywhere,
        MaxStackBytes = movesStacks ? EngineOptions.Default.MaxStackBytes : 0,
    });
}
