namespace Fermata.Tests.Suspension;

/// <summary>Calls from one instance into another suspend as if both were one module (JSPI checklist, lines 4 and 18).</summary>
public sealed class ModuleLinkTests : IDisposable
{
    private const string Library = """
        (memory (export "memory") 1)
        (global $calls (export "calls") (mut i32) (i32.const 0))
        (func (export "fetch") (param i32) (result i32) (local $at i32)
          (local.set $at (i32.mul (local.get 0) (i32.const 4)))
          (i32.store (local.get $at) (call $wait (local.get 0)))
          (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
          (i32.load (local.get $at)))
        """;

    private const string Program = """
        (import "library" "fetch" (func $fetch (param i32) (result i32)))
        (global $tag (import "env" "tag") i32)
        (memory (export "memory") 1)
        (func (export "run") (param i32) (result i32)
          (i32.store8 (local.get 0) (i32.const 77))
          (i32.add
            (i32.mul (global.get $tag) (i32.const 1000))
            (i32.add (call $fetch (local.get 0)) (i32.load8_u (local.get 0)))))
        """;

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void AnExportOfAnotherInstanceSuspendsItsCaller()
    {
        var program = NewProgram(1, out var library);
        var run = program.GetFunction<Func<int, Task<int>>>("run");
        var task = run(3);
        Assert.False(task.IsCompleted);
        _guest.Open(3, 500);
        Assert.Equal(1577, task.Completed());
        Assert.Equal(500, library.GetMemory("memory").Read<int>(12));
        Assert.Equal(77, program.GetMemory("memory").Read<byte>(3));
        Assert.Equal(1, library.GetGlobal("calls").Value.AsI32());
    }

    [Fact]
    public void WithoutAPromisingCallALinkedExportCannotSuspendEither()
    {
        var run = NewProgram(1, out _).GetFunction<Func<int, int>>("run");
        var error = Assert.Throws<SuspendException>(() => run(0));
        Assert.Null(error.HostFunction);
        Assert.Equal(0, _guest.Waits);
    }

    [Fact]
    public void FibersOfSeveralInstancesInterleave()
    {
        var first = NewProgram(1, out var library);
        var second = NewProgram(2, library);
        var third = NewProgram(3, out _);
        Instance[] programs = [first, second, third];
        var tasks = Enumerable.Range(0, 60).Select(i => programs[i % 3].GetFunction<Func<int, Task<int>>>("run")(i)).ToArray();
        var direct = library.GetFunction<Func<int, Task<int>>>("fetch")(60);
        int[] order = [.. Enumerable.Range(0, 61)];
        new Random(18).Shuffle(order);
        foreach (var i in order)
            _guest.Open(i, 5 * i);
        for (var i = 0; i < tasks.Length; i++)
            Assert.Equal(1000 * (i % 3 + 1) + 5 * i + 77, tasks[i].Completed());
        Assert.Equal(300, direct.Completed());
        Assert.Equal(41, library.GetGlobal("calls").Value.AsI32());
    }

    [Fact]
    public void InstancesThatCallEachOtherThroughATableSuspendAtEveryDepth()
    {
        // down(n) of one instance calls down(n - 1) of the other, and waits when that has returned; each level has an operand of its own.
        const string Text = """
            (import "env" "table" (table 2 funcref))
            (global $me (import "env" "tag") i32)
            (type $down (func (param i32) (result i32)))
            (func $down (export "down") (param i32) (result i32)
              (i32.add
                (i32.mul (global.get $me) (local.get 0))
                (i32.add
                  (if (result i32) (local.get 0)
                    (then (call_indirect (type $down) (i32.sub (local.get 0) (i32.const 1)) (i32.sub (i32.const 1) (global.get $me))))
                    (else (i32.const 0)))
                  (call $wait (local.get 0)))))
            (elem (global.get $me) func $down)
            """;
        var linker = _guest.Linker;
        linker.AllowRedefinition = true;
        linker.Define("env", "table", new Table(_guest.Store, new TableType(ValType.FuncRef, new Limits(2, null))));
        var instances = Enumerable.Range(0, 2).Select(tag => Tagged(tag).Instantiate(Text)).ToArray();
        var task = instances[1].GetFunction<Func<int, Task<int>>>("down")(21);
        for (var level = 0; level <= 21; level++)
        {
            Assert.False(task.IsCompleted);
            _guest.Open(level, 1_000);
        }

        // The instance with the tag 1 has the odd levels.
        Assert.Equal(22_000 + 1 + 3 + 5 + 7 + 9 + 11 + 13 + 15 + 17 + 19 + 21, task.Completed());
    }

    [Fact]
    public void ASuspendingImportThatIsExportedAgainCanBeLinked()
    {
        Instance? seen = null;
        _guest.Linker.Define("env", "who", (Caller caller, int gate) =>
        {
            seen = caller.Instance;
            return _guest.Gate(gate).Wait();
        });
        var relay = _guest.Instantiate("""(import "env" "who" (func (param i32) (result i32))) (export "who" (func 1))""");
        _guest.Linker.DefineInstance("relay", relay);
        var user = _guest.Instantiate("""
            (import "relay" "who" (func $who (param i32) (result i32)))
            (func (export "f") (result i32) (i32.add (call $who (i32.const 4)) (i32.const 1)))
            """);
        var task = user.GetFunction<Func<Task<int>>>("f")();
        Assert.False(task.IsCompleted);
        Assert.Same(relay, seen);
        _guest.Open(4, 1);
        Assert.Equal(2, task.Completed());
    }

    [Fact]
    public void ATrapInALinkedInstanceShowsTheFramesOfBoth()
    {
        _guest.Linker.DefineInstance("library", _guest.Linker.Instantiate(_guest.Store, Module.Parse(_guest.Engine, """
            (module $library
              (import "env" "wait" (func $wait (param i32) (result i32)))
              (func $read (export "fetch") (result i32) (drop (call $wait (i32.const 0))) unreachable))
            """)));
        var program = _guest.Linker.Instantiate(_guest.Store, Module.Parse(_guest.Engine, """
            (module $program
              (import "library" "fetch" (func $fetch (result i32)))
              (func $main (export "main") (result i32) (i32.add (call $fetch) (i32.const 1))))
            """));
        var task = program.GetFunction("main").InvokeAsync();
        _guest.Open(0);
        Assert.Equal(["library!read", "program!main"], task.Failed<TrapException>().WasmStack.Select(frame => frame.ToString()));
    }

    private Instance NewProgram(int tag, out Instance library)
    {
        library = _guest.Instantiate(Library);
        return NewProgram(tag, library);
    }

    private Instance NewProgram(int tag, Instance library)
    {
        _guest.Linker.AllowRedefinition = true;
        _guest.Linker.DefineInstance("library", library);
        return Tagged(tag).Instantiate(Program);
    }

    private GatedGuest Tagged(int tag)
    {
        _guest.Linker.Define("env", "tag", new Global(_guest.Store, new GlobalType(ValType.I32, false), tag));
        return _guest;
    }
}
