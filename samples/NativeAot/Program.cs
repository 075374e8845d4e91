using System.Runtime.CompilerServices;
using Fermata;

// The module was compiled before this program was: nothing is compiled here.
var engine = new Engine();
var module = Module.LoadCompiled(engine, new Fermata.Compiled.Prices());
using var store = new Store(engine);

// Imports have a WebAssembly type and take values. Delegates with types of their own would need code that is made at run time.
var asked = new TaskCompletionSource();
var answers = new Dictionary<int, TaskCompletionSource<int>> { [7] = new(), [8] = new(), [9] = new() };
var linker = new Linker(engine).Define("shop", "price", new FuncType([ValType.I32], [ValType.I32]), async (caller, arguments, cancellationToken) =>
{
    var item = arguments[0].AsI32();
    Console.WriteLine($"price of {item}?");
    return [await answers[item].Task.WaitAsync(cancellationToken)];
});
var instance = linker.Instantiate(store, module);
var memory = instance.GetMemory("memory");
memory.Write(0, 7);
memory.Write(4, 8);
memory.Write(8, 9);

var total = instance.GetFunction("total").InvokeAsync([0, 3]);
foreach (var (item, answer) in answers)
{
    Console.WriteLine($"the call is suspended, and {item} costs {item * 10}");
    answer.SetResult(item * 10);
}

Console.WriteLine($"total: {(await total)[0].AsI32()}");
try
{
    instance.GetFunction("total").Invoke(65_536, 1);
}
catch (TrapException trap)
{
    Console.WriteLine($"trap: {trap.Message}");
}

Console.WriteLine(RuntimeFeature.IsDynamicCodeSupported ? "compiled by .NET as it ran" : "no code was made at run time");
