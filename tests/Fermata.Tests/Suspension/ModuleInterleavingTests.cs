namespace Fermata.Tests.Suspension;

/// <summary>
/// Calls of two programs that call a library, which calls one of them back, in orders of all kinds (JSPI checklist, lines 4 and 18), in both modes of
/// the engine. All three keep state in locals, operands, globals and memories of their own.
/// </summary>
public abstract class ModuleInterleavingTests(bool suspendEverywhere) : IDisposable
{
    private const int Calls = 6;
    private const int Rounds = 2;
    private const int Schedules = 300;

    private const string Library = """
        (import "env" "table" (table $table 1 funcref))
        (type $back (func (param i32 i64) (result i64)))
        (memory (export "memory") 1)
        (global $passes (export "passes") (mut i32) (i32.const 0))

        ;; Waits, has the program of the table wait, and waits again, with operands below each.
        (func (export "collect") (param $call i32) (param $seed i64) (result i64) (local $at i32) (local $sum i64)
          (local.set $at (i32.mul (local.get $call) (i32.const 8)))
          (local.set $sum (i64.add
            (i64.mul (local.get $seed) (i64.const 3))
            (i64.extend_i32_s (call $wait (local.get $call)))))
          (i64.store (local.get $at) (i64.add (i64.load (local.get $at)) (local.get $sum)))
          (local.set $sum (i64.add
            (i64.mul (local.get $sum) (i64.const 5))
            (call_indirect $table (type $back) (local.get $call) (local.get $sum) (i32.const 0))))
          (global.set $passes (i32.add (global.get $passes) (i32.const 1)))
          (i64.add (i64.mul (local.get $sum) (i64.const 7)) (i64.extend_i32_s (call $wait (local.get $call)))))
        """;

    private const string Program = """
        (import "env" "table" (table $table 1 funcref))
        (import "library" "collect" (func $collect (param i32 i64) (result i64)))
        (global $tag (import "env" "tag") i64)
        (memory (export "memory") 1)
        (func $back (param $call i32) (param $value i64) (result i64)
          (i64.store (i32.mul (local.get $call) (i32.const 8)) (local.get $value))
          (i64.add
            (i64.mul (global.get $tag) (i64.const 11))
            (i64.add
              (i64.extend_i32_s (call $wait (local.get $call)))
              (i64.load (i32.mul (local.get $call) (i32.const 8))))))
        (func (export "run") (param $call i32) (param $rounds i32) (result i64) (local $total i64)
          (local.set $total (global.get $tag))
          (loop $again
            (local.set $total (i64.add
              (i64.mul (local.get $total) (i64.const 13))
              (call $collect (local.get $call) (local.get $total))))
            (local.set $total (i64.add (local.get $total) (i64.extend_i32_s (call $wait (local.get $call)))))
            (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
          (local.get $total))
        (func (export "export back") (table.set $table (i32.const 0) (ref.func $back)))
        (elem declare func $back)
        """;

    private readonly GatedGuest _guest = new(suspendEverywhere);
    private readonly Queue<TaskCompletionSource<int>>[] _waiting = [.. Enumerable.Range(0, Calls).Select(_ => new Queue<TaskCompletionSource<int>>())];

    /// <summary>Where the program of the table, and the library, keep something for each call.</summary>
    private readonly long[] _back = new long[Calls];
    private readonly long[] _library = new long[Calls];

    public void Dispose()
    {
        _guest.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void EachCallGetsWhatIsItsOwnInAnyOrder()
    {
        _guest.Linker.AllowRedefinition = true;
        _guest.Linker.Define("env", "wait", (int call) =>
        {
            _waiting[call].Enqueue(new TaskCompletionSource<int>());
            return _waiting[call].Last().Task;
        });
        _guest.Linker.Define("env", "table", new Table(_guest.Store, new TableType(ValType.FuncRef, new Limits(1, null))));
        var library = _guest.Instantiate(Library);
        _guest.Linker.DefineInstance("library", library);
        var programs = Enumerable.Range(0, 2).Select(tag =>
        {
            _guest.Linker.Define("env", "tag", new Global(_guest.Store, new GlobalType(ValType.I64, false), (long)tag));
            return _guest.Instantiate(Program);
        }).ToList();
        programs[1].GetFunction<Action>("export back")();
        var run = programs.Select(program => program.GetFunction<Func<int, int, Task<long>>>("run")).ToList();
        for (var seed = 0; seed < Schedules; seed++)
        {
            var random = new Random(seed);
            var tasks = Enumerable.Range(0, Calls).Select(call => run[call % 2](call, Rounds)).ToList();
            var given = Enumerable.Range(0, Calls).Select(_ => new Queue<int>()).ToArray();
            for (var left = Calls * Rounds * 4; left > 0; left--)
            {
                // Mostly any of them; with some seeds the first or the last that waits.
                var waiting = Enumerable.Range(0, Calls).Where(call => _waiting[call].Count > 0).ToList();
                var next = (seed % 10) switch
                {
                    0 => waiting[0],
                    1 => waiting[^1],
                    _ => waiting[random.Next(waiting.Count)],
                };
                given[next].Enqueue(random.Next());
                _waiting[next].Dequeue().SetResult(given[next].Last());
            }

            for (var call = 0; call < Calls; call++)
                Assert.Equal(Expected(call, given[call]), tasks[call].Completed());
            Assert.Equal((seed + 1) * Calls * Rounds, library.GetGlobal("passes").Value.AsI32());
            for (var call = 0; call < Calls; call++)
            {
                Assert.Equal(_library[call], library.GetMemory("memory").Read<long>(8 * call));
                Assert.Equal(0, programs[0].GetMemory("memory").Read<long>(8 * call));
                Assert.Equal(_back[call], programs[1].GetMemory("memory").Read<long>(8 * call));
            }
        }
    }

    /// <summary>What the modules above do, with what was given to the call.</summary>
    private long Expected(int call, Queue<int> given)
    {
        const int BackTag = 1;
        long total = call % 2;
        for (var round = 0; round < Rounds; round++)
        {
            var sum = unchecked((total * 3) + given.Dequeue());
            _library[call] = unchecked(_library[call] + sum);
            _back[call] = sum;
            sum = unchecked((sum * 5) + (BackTag * 11) + given.Dequeue() + _back[call]);
            sum = unchecked((sum * 7) + given.Dequeue());
            total = unchecked((total * 13) + sum + given.Dequeue());
        }

        return total;
    }

    public sealed class Normally() : ModuleInterleavingTests(suspendEverywhere: false);

    public sealed class SuspendingEverywhere() : ModuleInterleavingTests(suspendEverywhere: true);
}
