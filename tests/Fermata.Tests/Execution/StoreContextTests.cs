namespace Fermata.Tests.Execution;

public class StoreContextTests
{
    /// <summary>Whoever interrupts code sets a flag and then the stack limit; the code may have seen the flag, and taken it back, before it finds the limit.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void A_limit_that_comes_after_its_flag_stops_the_code_once(int maxStackBytes)
    {
        using var store = new Store(new Engine(new EngineOptions { MaxStackBytes = maxStackBytes }));
        var limits = new List<nuint>();
        var linker = new Linker(store.Engine)
            .Define("host", "interrupt", () => { store.Context.StackLimit = nuint.MaxValue; })
            .Define("host", "look", () => limits.Add(store.Context.StackLimit));
        var f = linker.Instantiate(store, Fermata.Module.Parse(store.Engine, """
            (import "host" "interrupt" (func $interrupt)) (import "host" "look" (func $look))
            (func $inner (call $look))
            (func (export "f") (call $look) (call $interrupt) (call $inner))
            """)).GetFunction<Action>("f");

        f();

        Assert.Equal(2, limits.Count);
        Assert.NotEqual(nuint.MaxValue, limits[1]);
    }
}
