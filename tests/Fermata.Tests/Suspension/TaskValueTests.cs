namespace Fermata.Tests.Suspension;

/// <summary>Tasks that WebAssembly keeps and passes on as externref, without waiting for them.</summary>
public sealed class TaskValueTests : IDisposable
{
    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void AnImportReturnsATaskAsAnObjectAndAnotherWaitsForIt()
    {
        _guest.Linker.Define("env", "start", object (int gate) => _guest.Gate(gate).Wait());
        _guest.Linker.Define("env", "finish", async (Task<int> task) => await task);
        var f = _guest.Instantiate("""
            (import "env" "start" (func $start (param i32) (result externref)))
            (import "env" "finish" (func $finish (param externref) (result i32)))
            (func (export "f") (result i32) (local $first externref) (local $second externref)
              (local.set $first (call $start (i32.const 0)))
              (local.set $second (call $start (i32.const 1)))
              (i32.add (i32.mul (call $finish (local.get $second)) (i32.const 100)) (call $finish (local.get $first))))
            """).GetFunction<Func<Task<int>>>("f");
        var task = f();
        _guest.Open(0, 3);
        Assert.False(task.IsCompleted);
        _guest.Open(1, 4);
        Assert.Equal(403, task.Completed());
    }

    [Fact]
    public void AnItemOfATupleIsNotAwaited()
    {
        _guest.Linker.Define("env", "both", (int gate) => (_guest.Gate(gate).Wait(), gate + 1));
        _guest.Linker.Define("env", "one", (int gate) => ValueTuple.Create(_guest.Gate(gate).Wait()));
        _guest.Linker.Define("env", "later", async (int gate) => ValueTuple.Create(_guest.Gate(await _guest.Gate(gate).Wait()).Wait()));
        var instance = _guest.Instantiate("""
            (import "env" "both" (func $both (param i32) (result externref i32)))
            (import "env" "one" (func $one (param i32) (result externref)))
            (import "env" "later" (func $later (param i32) (result externref)))
            (func (export "both") (param i32) (result externref i32) (call $both (local.get 0)))
            (func (export "one") (param i32) (result externref) (call $one (local.get 0)))
            (func (export "later") (param i32) (result externref) (call $later (local.get 0)))
            """);
        var (first, number) = instance.GetFunction<Func<int, (Task<int>, int)>>("both")(0);
        var second = instance.GetFunction<Func<int, ValueTuple<Task<int>>>>("one")(1).Item1;
        var later = instance.GetFunction<Func<int, Task<object>>>("later")(2);
        Assert.Equal((false, 1, false, false), (first.IsCompleted, number, second.IsCompleted, later.IsCompleted));
        _guest.Open(2, 3);
        var third = Assert.IsAssignableFrom<Task<int>>(later.Completed());
        Assert.False(third.IsCompleted);
        _guest.Open(0);
        _guest.Open(1);
        _guest.Open(3);
        Assert.Equal((0, 1, 3), (first.Completed(), second.Completed(), third.Completed()));
    }

    [Fact]
    public void AnExportTakesAndReturnsTasks()
    {
        _guest.Linker.Define("env", "finish", (Task<int> task) => task);
        var instance = _guest.Instantiate("""
            (import "env" "finish" (func $finish (param externref) (result i32)))
            (func (export "same") (param externref) (result externref) (local.get 0))
            (func (export "finish") (param externref) (result i32) (call $finish (local.get 0)))
            """);
        var gate = _guest.Gate(0).Wait();
        var same = instance.GetFunction("same");
        Assert.Same(gate, same.As<Func<object, object>>()(gate));
        Assert.Same(gate, same.As<Func<Task<int>, object>>()(gate));
        Assert.Same(gate, same.As<Func<Task<int>, ValueTuple<Task<int>>>>()(gate).Item1);
        Assert.Same(gate, same.As<Func<Task<int>, Task<Task<int>>>>()(gate).Completed());
        Assert.Same(gate, same.Invoke(Value.FromExternRef(gate))[0].As<Task<int>>());
        var finish = instance.GetFunction<Func<Task<int>, Task<int>>>("finish")(gate);
        Assert.False(finish.IsCompleted);
        _guest.Open(0, 7);
        Assert.Equal(7, finish.Completed());
    }

    [Fact]
    public void ATaskOfAnotherTypeIsNotTaken()
    {
        _guest.Linker.Define("env", "finish", (Task<int> task) => task);
        var f = _guest.Instantiate("""
            (import "env" "finish" (func $finish (param externref) (result i32)))
            (func (export "f") (param externref) (result i32) (call $finish (local.get 0)))
            """).GetFunction<Func<Task<long>, Task<int>>>("f");
        var error = f(Task.FromResult(1L)).Failed<InvalidCastException>();
        Assert.StartsWith("Parameter 1 of env.finish is a System.Threading.Tasks.Task`1[System.Int32], but WebAssembly passed a ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUntypedFunctionPassesTasksAsValues()
    {
        _guest.Linker.Define("env", "start", new FuncType([], [ValType.ExternRef]), (caller, arguments, results) =>
            results[0] = Value.FromExternRef(_guest.Gate(0).Wait()));
        var f = _guest.Instantiate("""
            (import "env" "start" (func $start (result externref))) (func (export "f") (result externref) (call $start))
            """).GetFunction("f");
        var task = f.Invoke()[0].As<Task<int>>()!;
        Assert.False(task.IsCompleted);
        _guest.Open(0, 5);
        Assert.Equal(5, task.Completed());
    }
}
