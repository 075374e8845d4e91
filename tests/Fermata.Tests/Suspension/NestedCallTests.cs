using Fermata.Tests.Hosting;

namespace Fermata.Tests.Suspension;

/// <summary>Calls inside one another, through host functions that call back: what ends them comes through, whatever the host functions do with it, and stack for it.</summary>
/// <remarks>Where that fails there is no exception: the process dies.</remarks>
public sealed class NestedCallTests : IDisposable
{
    private const int MostCalls = 500;

    /// <summary>Functions that the host calls back, in stores of their own, which take turns.</summary>
    private const string Program = """
        (import "env" "back" (func $back (param i32)))
        (import "env" "end" (func $end))
        (tag $e)
        (global $caught (export "caught") (mut i32) (i32.const 0))
        (func $call (param $n i32)
          (if (local.get $n) (then (call $back (i32.sub (local.get $n) (i32.const 1)))) (else (call $end) (loop $l (br $l)))))
        (func (export "f") (param $n i32)
          (block $h (try_table (catch_all $h) (call $call (local.get $n)) (return)))
          (global.set $caught (i32.const 1)))
        (func (export "trap") unreachable)
        """;

    private readonly Guest[] _guests = [new(), new()];
    private readonly Instance[] _instances = new Instance[2];
    private readonly CancellationTokenSource _source = new();
    private int _levels;

    public enum Handler
    {
        ThrowAgain,
        ThrowAgainTwice,
        ThrowIt,
        Trap,
        TrapAtTheEnd,
    }

    public void Dispose()
    {
        _source.Dispose();
        foreach (var guest in _guests)
            guest.Dispose();
    }

    public static TheoryData<Handler, string, int> Ends
    {
        get
        {
            var data = new TheoryData<Handler, string, int>();
            foreach (var handler in Enum.GetValues<Handler>())
            {
                foreach (var end in new[] { "trap", "exit", "cancel" })
                {
                    data.Add(handler, end, 256 << 10);
                    data.Add(handler, end, 1536 << 10);
                    data.Add(handler, end, 64 << 20);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void WhatCodeCannotCatchPassesHostFunctionsThatThrowItAgain(Handler handler, string end, int stackBytes)
    {
        Make((function, argument) => Handle(handler, function, argument), end);
        var depth = stackBytes / 8192;
        for (var stores = 1; stores <= 2; stores++)
        {
            var failure = OnThread(stackBytes, () => Call(Math.Min(depth, MostCalls), stores));
            Assert.True(failure is TrapException or WasmExitException or OperationCanceledException, $"{failure}");
            Assert.All(_instances, instance => Assert.Equal(0, instance.GetGlobal("caught").Value.AsI32()));
        }

        // In the middle of all that nothing was left behind.
        Assert.IsType<TrapException>(Record.Exception(() => _instances[0].GetFunction("trap").Invoke()));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void ThereAreNotMoreThanSoMany(int stores, bool isPromising)
    {
        Make((function, argument) =>
        {
            if (isPromising)
                function.InvokeAsync(argument).GetAwaiter().GetResult();
            else
                function.Invoke(argument);
        });
        var trap = Assert.IsType<StackExhaustedException>(OnThread(64 << 20, () => Call(100_000, stores)));
        Assert.StartsWith("call stack exhausted (more than 500 calls inside one another)", trap.Message, StringComparison.Ordinal);

        // The first call into a store is in none of that store's.
        Assert.Equal(MostCalls + stores, _levels);
        Assert.IsType<StackExhaustedException>(OnThread(64 << 20, () => Call(100_000, stores)));
    }

    [Theory]
    [InlineData(256 << 10)]
    [InlineData(1536 << 10)]
    [InlineData(64 << 20)]
    public void AHostFunctionThatCallsItselfThroughTheModuleIsStopped(int stackBytes)
    {
        using var guest = new Guest();
        guest.Linker.Define("env", "call", (Caller caller, int index) => { caller.GetTable("table").GetFunction(index).Invoke(index); });
        var f = guest.Instantiate("""
            (import "env" "call" (func $call (param i32)))
            (table (export "table") funcref (elem $call))
            (func (export "f") (call $call (i32.const 0)))
            """).GetFunction("f");
        Assert.IsType<StackExhaustedException>(OnThread(stackBytes, () => f.Invoke()));
    }

    /// <summary>.NET copies the trace of what is thrown again: through 400 calls that would be some 40 MB.</summary>
    [Theory]
    [InlineData("cancel", typeof(OperationCanceledException))]
    [InlineData("trap", typeof(TrapException))]
    [InlineData("exit", typeof(WasmExitException))]
    public void ATraceIsNotCopiedInEachCall(string end, Type type)
    {
        Make((function, argument) => function.Invoke(argument), end);
        var bytes = 0L;
        var failure = OnThread(64 << 20, () =>
        {
            bytes = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Call(400, stores: 1);
            }
            finally
            {
                bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            }
        });
        Assert.IsType(type, failure);
        Assert.InRange(bytes, 0, 4 << 20);
    }

    private static Exception? OnThread(int stackBytes, Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action), stackBytes);
        thread.Start();
        thread.Join();
        return failure;
    }

    private void Handle(Handler handler, Function function, int argument)
    {
        try
        {
            try
            {
                function.Invoke(argument);
            }
            catch (Exception) when (handler == Handler.ThrowAgainTwice)
            {
                throw;
            }
        }
        catch (Exception exception) when (handler == Handler.ThrowIt)
        {
#pragma warning disable CA2200 // As it may be.
            throw exception;
#pragma warning restore CA2200
        }
        catch (Exception) when (handler == Handler.Trap)
        {
            _instances[0].GetFunction("trap").Invoke();
        }
        catch (Exception) when (handler != Handler.TrapAtTheEnd)
        {
            throw;
        }
        finally
        {
            if (handler == Handler.TrapAtTheEnd)
                Assert.IsAssignableFrom<TrapException>(Record.Exception(() => _instances[0].GetFunction("trap").Invoke()));
        }
    }

    /// <summary>Makes the instances.</summary>
    /// <param name="back">What a host function does that is to call a function with an argument.</param>
    /// <param name="end">How the innermost call ends.</param>
    private void Make(Action<Function, int> back, string end = "")
    {
        for (var i = 0; i < _guests.Length; i++)
        {
            _guests[i].Linker
                .Define("env", "back", (Caller caller, int argument) =>
                {
                    _levels++;
                    back(caller.Store.GetData<Instance>().GetFunction("f"), argument);
                })
                .Define("env", "end", (Caller caller) => End(caller, end));
            _instances[i] = _guests[i].Instantiate(Program);
        }
    }

    private void Call(int depth, int stores)
    {
        _levels = 0;
        for (var i = 0; i < _guests.Length; i++)
            _guests[i].Store.SetData(_instances[(i + 1) % stores]);
        _instances[0].GetFunction("f").Invoke([depth], _source.Token);
    }

    private void End(Caller caller, string end)
    {
        switch (end)
        {
            case "trap":
                caller.GetFunction("trap").Invoke();
                break;
            case "exit":
                throw new WasmExitException(0);
            default:
                _source.Cancel();
                break;
        }
    }
}
