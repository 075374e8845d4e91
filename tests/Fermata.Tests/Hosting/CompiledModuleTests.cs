using System.Runtime.Loader;

namespace Fermata.Tests.Hosting;

/// <summary>Modules that were compiled to assemblies behave as all others.</summary>
public sealed class CompiledModuleTests
{
    private const string Text = """
        (module $guest
          (import "host" "wait" (func $wait (param i32) (result i32)))
          (memory (export "memory") 1)
          (global $sum (mut i32) (i32.const 0))
          (table funcref (elem $twice))
          (type $unary (func (param i32) (result i32)))
          (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
          (func $outer (export "sum") (param $n i32) (result i32)
            (loop $next
              (global.set $sum (i32.add (global.get $sum) (call $inner (local.get $n))))
              (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (global.get $sum))
          (func $inner (param i32) (result i32)
            (i32.add (call_indirect (type $unary) (local.get 0) (i32.const 0)) (call $wait (local.get 0))))
          (func $load (export "load") (param i32) (result i32) (i32.load (local.get 0)))
          (func (export "divide") (param i32) (result i32) (i32.div_s (i32.const 1) (call $twice (local.get 0)))))
        """;

    [Fact]
    public async Task CallsSuspendAndGoOnWithoutACompiler()
    {
        using var store = new Store(new Engine());
        var module = Compiled(Module.Parse(store.Engine, Text));
        var instance = new Linker(store.Engine).Define("host", "wait", (int value) => Later(value)).Instantiate(store, module);

        Assert.Equal((3 * (10 + 9 + 8 + 7 + 6 + 5 + 4 + 3 + 2 + 1)) + 10, await instance.GetFunction<Func<int, Task<int>>>("sum")(10));
        Assert.Empty(module.CompiledFunctions);

        static async Task<int> Later(int value)
        {
            await Task.Yield();
            return value + 1;
        }
    }

    [Theory]
    [InlineData("divide", 0, TrapKind.IntegerDivideByZero)]
    [InlineData("load", 65_536, TrapKind.OutOfBoundsMemoryAccess)]
    [InlineData("load", -1, TrapKind.OutOfBoundsMemoryAccess)]
    public void TrapsAndTheirTracesAreTheSame(string export, int argument, TrapKind kind)
    {
        var expected = Trap(module => module);
        var actual = Trap(Compiled);

        Assert.Equal(kind, actual.Kind);
        Assert.Equal(expected.Message, actual.Message);
        Assert.Equal(expected.WasmStack, actual.WasmStack);
        Assert.NotEmpty(actual.WasmStack);

        TrapException Trap(Func<Module, Module> prepare)
        {
            using var store = new Store(new Engine());
            var instance = prepare(Module.Parse(store.Engine, Text)).Instantiate(store, (int value) => value);
            return Assert.ThrowsAny<TrapException>(() => instance.GetFunction(export).Invoke(argument));
        }
    }

    [Fact]
    public void FuelIsTheSame()
    {
        Assert.Equal(Left(module => module), Left(Compiled));

        static long Left(Func<Module, Module> prepare)
        {
            using var store = new Store(new Engine(new EngineOptions { UsesFuel = true })) { Fuel = 10_000 };
            prepare(Module.Parse(store.Engine, Text)).Instantiate(store, (int value) => value).GetFunction("sum").Invoke(10);
            return store.Fuel;
        }
    }

    [Fact]
    public void ItIsForTheOptionsThatItWasCompiledWith()
    {
        var compiled = CompiledClass(Module.Parse(new Engine(), Text));

        var exception = Assert.Throws<ArgumentException>(() => Module.LoadCompiled(new Engine(new EngineOptions { UsesFuel = true }), compiled));
        Assert.StartsWith("The module was compiled with other options than the engine has, or by another version of Fermata.", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(Module.LoadCompiled(new Engine(), compiled));
    }

    [Fact]
    public void StructuresAndArraysAreRefused()
    {
        var module = Module.Parse(new Engine(), "(type (array i8)) (func)");

        var exception = Assert.Throws<NotSupportedException>(() => module.WriteAssembly(Stream.Null, "m"));
        Assert.StartsWith("The module has types of structures or arrays", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AClassHasAValidName() => Assert.Equal("Fermata.Compiled._7_zip_9_", CompiledClass(Module.Parse(new Engine(), "(module)"), "7-zip 9é").GetType().FullName);

    private static Module Compiled(Module module) => Module.LoadCompiled(module.Engine, CompiledClass(module));

    private static CompiledModule CompiledClass(Module module, string name = "guest")
    {
        var assembly = new AssemblyLoadContext(name, isCollectible: true).LoadFromStream(new MemoryStream(Write(module, name)));
        return (CompiledModule)Activator.CreateInstance(Assert.Single(assembly.GetTypes(), type => type.IsSubclassOf(typeof(CompiledModule))))!;
    }

    private static byte[] Write(Module module, string name = "guest")
    {
        using var stream = new MemoryStream();
        module.WriteAssembly(stream, name);
        return stream.ToArray();
    }
}
