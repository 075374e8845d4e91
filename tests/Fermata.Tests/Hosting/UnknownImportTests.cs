namespace Fermata.Tests.Hosting;

/// <summary>Imports that are not defined, where they may be missing.</summary>
public sealed class UnknownImportTests : IDisposable
{
    private const string Program = """
        (import "env" "there" (func $there (result i32)))
        (import "env" "missing" (func $missing (param i64 externref v128) (result f64 i32)))
        (table (export "table") 1 funcref)
        (elem (i32.const 0) func $missing)
        (func (export "there") (result i32) (call $there))
        (func (export "missing")
          (call $missing (i64.const 1) (ref.null extern) (v128.const i64x2 0 0)) (drop) (drop))
        (func (export "caught")
          (block $caught (try_table (catch_all $caught)
            (call $missing (i64.const 1) (ref.null extern) (v128.const i64x2 0 0)) (drop) (drop))))
        """;

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFunctionThatIsMissingTrapsWhenItIsCalledAndNotBefore(bool suspendsEverywhere)
    {
        using var guest = new Guest(engine: new EngineOptions { SuspendEverywhere = suspendsEverywhere });
        var module = Module.Parse(guest.Engine, Program);
        var instance = guest.Linker.Define("env", "there", () => 5).DefineUnknownImportsAsTraps(module).Instantiate(guest.Store, module);
        Assert.Equal(5, instance.GetFunction<Func<int>>("there")());
        AssertTrap(Assert.Throws<TrapException>(instance.GetFunction<Action>("missing")));
        AssertTrap(Assert.Throws<TrapException>(instance.GetFunction<Action>("caught")));
        AssertTrap(await Assert.ThrowsAsync<TrapException>(instance.GetFunction<Func<Task>>("caught")));
        Assert.Equal("caught", Assert.Throws<TrapException>(instance.GetFunction<Action>("caught")).WasmStack[0].FunctionName);
    }

    [Fact]
    public void TheHostCanCallItAsWell()
    {
        var module = Module.Parse(_guest.Engine, Program);
        var instance = _guest.Linker.DefineUnknownImportsAsTraps(module).Instantiate(_guest.Store, module);
        var missing = (Function)instance.GetTable("table").Get(0)!;
        Assert.Equal("env.missing", missing.Name);
        Assert.Equal("(func (param i64 externref v128) (result f64 i32))", missing.Type.ToString());
        AssertTrap(Assert.Throws<TrapException>(() => missing.Invoke(1L, Value.NullRef(ValType.ExternRef), Value.FromV128(default))));
    }

    [Fact]
    public void WhatIsDefinedComesFirstBeforeAndAfter()
    {
        var module = Module.Parse(_guest.Engine, Program);
        _guest.Linker.DefineUnknownImportsAsTraps(module);
        var called = 0;
        _guest.Linker.Define("env", "missing", (long _, object? _, System.Runtime.Intrinsics.Vector128<byte> _) => (1.5, ++called));
        _guest.Linker.Instantiate(_guest.Store, module).GetFunction<Action>("missing")();
        Assert.Equal(1, called);
    }

    [Fact]
    public void OtherImportsMustStillBeThere()
    {
        var module = Module.Parse(_guest.Engine, """
            (import "env" "f" (func)) (import "env" "m" (memory 1)) (import "env" "t" (table 1 funcref)) (import "env" "g" (global i32)) (import "env" "e" (tag))
            """);
        var error = Assert.Throws<LinkException>(() => _guest.Linker.DefineUnknownImportsAsTraps(module).Instantiate(_guest.Store, module));
        Assert.Equal(["m", "t", "g", "e"], error.Problems.Select(problem => problem.FieldName));
    }

    [Fact]
    public void AFunctionOfTheWrongTypeIsStillAnError()
    {
        var module = Module.Parse(_guest.Engine, Program);
        _guest.Linker.Define("env", "missing", () => { }).DefineUnknownImportsAsTraps(module);
        var error = Assert.Throws<LinkException>(() => _guest.Linker.Instantiate(_guest.Store, module));
        Assert.Equal(("incompatible import type", "missing"), (error.Problem, error.FieldName));
    }

    [Fact]
    public void AModuleOfAnotherEngineIsRefused() =>
        Assert.Equal("module", Assert.Throws<ArgumentException>(
            () => _guest.Linker.DefineUnknownImportsAsTraps(Module.Parse(new Engine(), "(module)"))).ParamName);

    private static void AssertTrap(TrapException trap)
    {
        Assert.Equal(TrapKind.UnknownImport, trap.Kind);
        Assert.StartsWith(
            """unknown import "env" "missing": the function was called, and nothing is defined under this name""", trap.Message, StringComparison.Ordinal);
    }
}
