using Fermata;

var engine = new Engine();
var module = Module.Parse(engine, """
    (module
      (import "shop" "price" (func $price (param i32) (result i32)))
      (func (export "total") (param $a i32) (param $b i32) (result i32)
        (i32.add (call $price (local.get $a)) (call $price (local.get $b)))))
    """);

var linker = new Linker(engine);
linker.Define("shop", "price", async (int item) =>
{
    await Task.Delay(500); // HTTP, a database, a queue: whatever takes its time
    return item * 100;
});

using var store = new Store(engine);
var instance = linker.Instantiate(store, module);
var total = instance.GetFunction<Func<int, int, Task<int>>>("total");
var (first, second) = (total(1, 2), total(3, 4)); // both calls wait now, and no thread does
Console.WriteLine($"{await first} {await second}"); // 300 700
