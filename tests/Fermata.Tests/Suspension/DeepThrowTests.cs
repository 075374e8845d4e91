namespace Fermata.Tests.Suspension;

/// <summary>Exceptions that leave very many activations, at once and after a wait: each costs little, whatever the ones before did.</summary>
public sealed class DeepThrowTests
{
    /// <summary>Each takes a depth, and whether to wait before the exception is thrown.</summary>
    private const string Module = """
        (tag $e (param i32)) (tag $other (param i32))

        (func $bottom (param $waits i32)
          (if (local.get $waits) (then (drop (call $wait (i32.const 0)))))
          (throw $e (i32.const 5)))

        (func $plain (param $n i32) (param $waits i32) (result i32)
          (if (i32.eqz (local.get $n)) (then (call $bottom (local.get $waits))))
          (i32.add (call $plain (i32.sub (local.get $n) (i32.const 1)) (local.get $waits)) (i32.const 1)))
        (func (export "plain") (param i32 i32) (result i32)
          (block $h (result i32) (try_table (catch $e $h) (return (call $plain (local.get 0) (local.get 1)))) (unreachable)))

        (func $tagged (param $n i32) (param $waits i32) (result i32)
          (if (i32.eqz (local.get $n)) (then (call $bottom (local.get $waits))))
          (block $h (result i32)
            (try_table (catch $other $h) (return (call $tagged (i32.sub (local.get $n) (i32.const 1)) (local.get $waits))))
            (unreachable)))
        (func (export "tagged") (param i32 i32) (result i32)
          (block $h (result i32) (try_table (catch $e $h) (return (call $tagged (local.get 0) (local.get 1)))) (unreachable)))

        ;; As destructors of C++ do. The global counts them.
        (global $cleaned (export "cleaned") (mut i32) (i32.const 0))
        (func $cleanup (param $n i32) (param $waits i32) (result i32) (local $x exnref)
          (if (i32.eqz (local.get $n)) (then (call $bottom (local.get $waits))))
          (local.set $x (block $h (result exnref)
            (try_table (catch_all_ref $h) (return (call $cleanup (i32.sub (local.get $n) (i32.const 1)) (local.get $waits))))
            (unreachable)))
          (global.set $cleaned (i32.add (global.get $cleaned) (i32.const 1)))
          (throw_ref (local.get $x)))
        (func (export "cleanup") (param i32 i32) (result i32)
          (block $h (result i32) (try_table (catch $e $h) (return (call $cleanup (local.get 0) (local.get 1)))) (unreachable)))

        (func $anew (param $n i32) (param $waits i32) (result i32)
          (if (i32.eqz (local.get $n)) (then (call $bottom (local.get $waits))))
          (block $h (result i32)
            (try_table (catch $e $h) (return (call $anew (i32.sub (local.get $n) (i32.const 1)) (local.get $waits))))
            (unreachable))
          (throw $e))
        (func (export "anew") (param i32 i32) (result i32)
          (block $h (result i32) (try_table (catch $e $h) (return (call $anew (local.get 0) (local.get 1)))) (unreachable)))

        (func $old (param $n i32) (param $waits i32) (result i32)
          (if (i32.eqz (local.get $n)) (then (call $bottom (local.get $waits))))
          (try (result i32)
            (do (call $old (i32.sub (local.get $n) (i32.const 1)) (local.get $waits)))
            (catch $other) (catch_all (rethrow 0))))
        (func (export "old") (param i32 i32) (result i32)
          (try (result i32) (do (call $old (local.get 0) (local.get 1))) (catch $e)))

        ;; One exception, thrown so often in one activation.
        (func (export "again") (param $n i32) (param $waits i32) (result i32) (local $x exnref)
          (local.set $x (block $h (result exnref) (try_table (catch_all_ref $h) (throw $e (i32.const 5))) (unreachable)))
          (loop $l
            (if (i32.and (local.get $waits) (i32.eqz (i32.and (local.get $n) (i32.const 1023)))) (then (drop (call $wait (i32.const 0)))))
            (local.set $x (block $h (result exnref) (try_table (catch_all_ref $h) (throw_ref (local.get $x))) (unreachable)))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (block $h (result i32) (try_table (catch $e $h) (throw_ref (local.get $x))) (unreachable)))

        (func (export "uncaught") (param i32 i32) (result i32) (call $cleanup (local.get 0) (local.get 1)))
        """;

    private const int Depth = 100_000;

    [Theory]
    [InlineData("plain")]
    [InlineData("tagged")]
    [InlineData("cleanup")]
    [InlineData("anew")]
    [InlineData("old")]
    [InlineData("again")]
    public async Task AnExceptionComesThroughAnyNumberOfActivations(string shape)
    {
        foreach (var suspendEverywhere in new[] { false, true })
        {
            await Throw(shape, waits: false, suspendEverywhere);
            await Throw(shape, waits: true, suspendEverywhere);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneThatNothingCatchesTellsTheInnermostActivationsThatItLeft(bool waits)
    {
        using var guest = new GatedGuest();
        var call = guest.Instantiate(Module).GetFunction<Func<int, int, Task<int>>>("uncaught")(Depth, waits ? 1 : 0);
        guest.Open(0);
        var exception = await Assert.ThrowsAsync<WasmException>(() => call.InTime());
        Assert.Equal(100, exception.WasmStack.Count);
        Assert.Equal(["bottom", .. Enumerable.Repeat("cleanup", 99)], exception.WasmStack.Select(frame => frame.FunctionName));
        Assert.StartsWith("a WebAssembly exception was not caught\n  at ", exception.Message, StringComparison.Ordinal);
    }

    private static async Task Throw(string shape, bool waits, bool suspendEverywhere)
    {
        using var guest = new GatedGuest(suspendEverywhere);
        var instance = guest.Instantiate(Module);
        var call = instance.GetFunction<Func<int, int, Task<int>>>(shape)(Depth, waits ? 1 : 0);
        Assert.Equal(waits, !call.IsCompleted);
        guest.Open(0);
        Assert.Equal(5, await call.InTime());
        if (shape == "cleanup")
            Assert.Equal(Depth, instance.GetGlobal("cleaned").Value.AsI32());
    }
}
