using System.Collections.Concurrent;
using Fermata.Durable;

namespace Fermata.Tests.Shared;

/// <summary>A program that waits, and hosts for it on one database, as different processes would have them.</summary>
internal static class Guest
{
    /// <summary>It asks for numbers, and keeps a sum in its memory; it waits for times and events.</summary>
    private const string Text =
        """
        (import "shop" "ask" (func $ask (param i32) (result i32)))
        (import "shop" "greet" (func $greet (param i32 i32 i32 i32) (result i32)))
        (import "shop" "sleep" (func $sleep (param i32)))
        (import "shop" "event" (func $event (param i32) (result i32)))
        (import "shop" "step" (func $step))
        (memory (export "memory") 4)
        (data (i32.const 100) "world")

        ;; The sum of what the host says to count, count - 1, … 1: kept in memory, and twice in locals of a recursion.
        (func $sum (export "sum") (param $count i32) (result i32) (local $answer i32)
          (if (i32.eqz (local.get $count)) (then (return (i32.const 0))))
          (local.set $answer (call $ask (local.get $count)))
          (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (local.get $answer)))
          (i32.add (local.get $answer) (call $sum (i32.sub (local.get $count) (i32.const 1)))))
        (func (export "checked_sum") (param $count i32) (result i32 i32)
          (call $sum (local.get $count)) (i32.load (i32.const 8)))

        ;; Three questions with a pause after each. The sum of the answers is in locals of a recursion and in memory.
        (func $steps (param $order i32) (param $pause i32) (param $step i32) (result i32) (local $answer i32)
          (if (i32.eqz (local.get $step)) (then (return (i32.const 0))))
          (local.set $answer (call $ask (i32.add (i32.mul (local.get $order) (i32.const 10)) (local.get $step))))
          (call $sleep (local.get $pause))
          (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (local.get $answer)))
          (i32.add (local.get $answer) (call $steps (local.get $order) (local.get $pause) (i32.sub (local.get $step) (i32.const 1)))))
        (func (export "order") (param $order i32) (param $pause i32) (result i32 i32)
          (call $steps (local.get $order) (local.get $pause) (i32.const 3)) (i32.load (i32.const 8)))

        ;; Text of the memory is asked, and what is answered comes into the memory.
        (func (export "greet") (result i32)
          (drop (call $greet (i32.const 100) (i32.const 5) (i32.const 200) (i32.const 50)))
          (i32.load8_u (i32.const 207)))

        (func (export "sleep") (param i32) (result i32) (call $sleep (local.get 0)) (i32.const 7))
        (func (export "event") (param i32) (result i32) (i32.add (call $event (local.get 0)) (call $event (local.get 0))))
        (func (export "fail") (param i32) (result i32) (drop (call $ask (i32.const 1))) (i32.div_u (i32.const 1) (call $ask (local.get 0))))
        (func (export "spin") (loop $again (br $again)))
        (func (export "count") (param i64) (result i64) (local $i i64)
          (loop $again
            (local.set $i (i64.add (local.get $i) (i64.const 1)))
            (br_if $again (i64.lt_u (local.get $i) (local.get 0))))
          (local.get $i))

        ;; The same in steps, which the host may hold up.
        (func (export "count_steps") (param i32) (result i32) (local $i i32)
          (loop $again
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (call $step)
            (br_if $again (i32.lt_u (local.get $i) (local.get 0))))
          (local.get $i))
        """;

    public static byte[] Bytes { get; } = Module.Parse(new Engine(), Text).ToBytes();

    /// <summary>A host with the functions of the program.</summary>
    /// <param name="database">The database.</param>
    /// <param name="ask">Answers the questions.</param>
    /// <param name="change">Changes the options.</param>
    /// <param name="step">What a step does.</param>
    public static async Task<(DurableHost Host, DurableModule Module)> OpenAsync(
        DurableDatabase database, Func<DurableCall, int, Task<int>>? ask = null, Func<DurableHostOptions, DurableHostOptions>? change = null, Action? step = null)
    {
        var host = await DurableHost.OpenAsync(change?.Invoke(Options(database)) ?? Options(database));
        return (host, await DefineAsync(host, ask, step));
    }

    /// <summary>Options for quick tests.</summary>
    public static DurableHostOptions Options(DurableDatabase database) => new() { Database = database, PollInterval = TimeSpan.FromMilliseconds(50), LeaseTime = TimeSpan.FromSeconds(60) };

    /// <summary>Gives a host the functions of the program, and the program.</summary>
    public static Task<DurableModule> DefineAsync(DurableHost host, Func<DurableCall, int, Task<int>>? ask, Action? step = null)
    {
        ask ??= static (_, value) => Task.FromResult(value);
        host.Linker.Define("shop", "step", step ?? (static () => { }));
        host.Define("shop", "ask", (DurableCall call, int value) => ask(call, value))
            .Define<string, string>(
                "shop",
                "greet",
                (Caller caller, int text, int length, int _, int _) => caller.Memory.ReadUtf8(text, length),
                async (_, name) =>
                {
                    await Task.Yield();
                    return $"Hello, {name}";
                },
                (Caller caller, string answer, int _, int _, int buffer, int size) =>
                {
                    var bytes = System.Text.Encoding.UTF8.GetBytes(answer);
                    bytes.CopyTo(caller.Memory.GetSpan(buffer, size));
                    return bytes.Length;
                })
            .DefineDelay("shop", "sleep", (int milliseconds) => TimeSpan.FromMilliseconds(milliseconds))
            .DefineEvent<int>("shop", "event", (int number) => $"event {number}", (int content, int _) => content);
        return host.AddModuleAsync(Bytes, "guest");
    }

    /// <summary>Functions that answer when a test says so.</summary>
    public sealed class Questions
    {
        private readonly ConcurrentQueue<Question> _questions = [];

        public Task<int> AskAsync(DurableCall call, int value)
        {
            var question = new Question(call, value, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
            _questions.Enqueue(question);
            return question.Answer.Task.WaitAsync(call.CancellationToken);
        }

        public async Task<Question> NextAsync()
        {
            Question? next;
            for (var i = 0; !_questions.TryDequeue(out next); i++)
            {
                Assert.True(i < 30_000, "nobody asked");
                await Task.Delay(10);
            }

            return next;
        }
    }

    /// <summary>Has a guest stand still at some of its steps, until a test lets it go on.</summary>
    /// <param name="steps">The numbers of these steps.</param>
    public sealed class Stops(params int[] steps)
    {
        private readonly TaskCompletionSource[] _reached = NewSources(steps.Length), _go = NewSources(steps.Length);
        private int _count, _seen, _gone;

        public void Step()
        {
            if (Array.IndexOf(steps, Interlocked.Increment(ref _count)) is not (>= 0 and var stop))
                return;
            _reached[stop].SetResult();
            _go[stop].Task.Wait();
        }

        /// <summary>Waits until it stands still at the next.</summary>
        public Task ReachedAsync() => _reached[_seen++].Task.WaitAsync(TimeSpan.FromMinutes(5));

        public void Go() => _go[_gone++].SetResult();

        private static TaskCompletionSource[] NewSources(int count) =>
            [.. Enumerable.Range(0, count).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
    }

    public sealed record Question(DurableCall Call, int Value, TaskCompletionSource<int> Answer);
}
