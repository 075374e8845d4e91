using System.Runtime.Intrinsics;

namespace Fermata.Tests.Hosting;

public sealed class UntypedFunctionTests : IDisposable
{
    private readonly Guest _guest = new();

    private Linker Linker => _guest.Linker;

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void AnImportGetsItsTypeFromTheModule()
    {
        var module = Module.Parse(_guest.Engine, """
            (import "math" "add" (func $add (param i32 i32) (result i32)))
            (import "math" "halve" (func $halve (param f64) (result f64)))
            (func (export "f") (result f64) (call $halve (f64.convert_i32_s (call $add (i32.const 4) (i32.const 5)))))
            """);
        var calls = new List<string>();
        foreach (var import in module.Imports)
        {
            var type = ((FunctionType)import.Type).Signature;
            Linker.Define(import.Module, import.Name, type, (caller, arguments, results) =>
            {
                calls.Add($"{import.Name} {string.Join(' ', arguments.ToArray())}");
                results[0] = import.Name == "add" ? Value.FromI32(arguments[0].AsI32() + arguments[1].AsI32()) : arguments[0].AsF64() / 2;
            });
        }

        Assert.Equal(4.5, Linker.Instantiate(_guest.Store, module).GetFunction<Func<double>>("f")());
        Assert.Equal(["add i32:4 i32:5", "halve f64:9"], calls);
    }

    [Fact]
    public void AllTypesPassAndSoDoAnyNumber()
    {
        Value[] values =
        [
            1, 2L, 3f, 4.0, Value.FromV128(Vector128.Create(5ul, 6ul).AsByte()), Value.FromRef("text", ValType.ExternRef),
            Value.FromRef(Function.Create(_guest.Store, () => 7), ValType.FuncRef), -1, -2L,
        ];
        Linker.Define("env", "reverse", new FuncType(Types(values), Types(values.Reverse())), (caller, arguments, results) =>
        {
            arguments.CopyTo(results);
            results.Reverse();
        });
        var reverse = _guest.Instantiate("""
            (import "env" "reverse" (func $reverse (param i32 i64 f32 f64 v128 externref funcref i32 i64) (result i64 i32 funcref externref v128 f64 f32 i64 i32)))
            (func (export "reverse") (param i32 i64 f32 f64 v128 externref funcref i32 i64) (result i64 i32 funcref externref v128 f64 f32 i64 i32)
              (call $reverse
                (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7) (local.get 8)))
            """).GetFunction("reverse");
        Assert.Equal(values.Reverse(), reverse.Invoke(values));

        static ValType[] Types(IEnumerable<Value> values) => [.. values.Select(value => value.Type)];
    }

    [Fact]
    public void TheCallerIsTheImportingInstance()
    {
        Caller seen = default;
        Linker.Define("env", "f", new FuncType([], []), (caller, _, _) => { seen = caller; });
        var instance = _guest.Instantiate("""(import "env" "f" (func $f)) (func (export "f") (call $f))""");
        instance.GetFunction("f").Invoke();
        Assert.Same(instance, seen.Instance);
        Assert.Same(_guest.Store, seen.Store);
    }

    [Fact]
    public void ADefinitionServesAnyStore()
    {
        Linker.Define("env", "seven", new FuncType([], [ValType.I32]), (caller, arguments, results) => results[0] = 7);
        var module = Module.Parse(_guest.Engine, """(import "env" "seven" (func (result i32))) (export "f" (func 0))""");
        using var other = new Store(_guest.Engine);
        Assert.Equal(7, Linker.Instantiate(_guest.Store, module).GetFunction<Func<int>>("f")());
        Assert.Equal(7, Linker.Instantiate(other, module).GetFunction<Func<int>>("f")());
    }

    [Fact]
    public void AnotherTypeThanTheModuleAsksForIsRefusedWithBoth()
    {
        Linker.Define("env", "f", new FuncType([ValType.I32], []), (_, _, _) => { });
        var error = Assert.Throws<LinkException>(() => _guest.Instantiate("""(import "env" "f" (func (param i64)))"""));
        Assert.Contains("expects (func (param i64)), found (func (param i32))", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFunctionHasTheTypeThatTheModuleDeclares()
    {
        Linker.Define("env", "f", new FuncType([], [ValType.I32]), (caller, arguments, results) => results[0] = 7);
        var instance = _guest.Instantiate("""
            (type $open (sub (func (result i32))))
            (import "env" "f" (func $f (type $open)))
            (elem declare func $f)
            (func (export "f") (result i32) (call_ref $open (ref.cast (ref $open) (ref.func $f))))
            """);
        Assert.Equal(7, instance.GetFunction<Func<int>>("f")());
    }

    [Fact]
    public void AFunctionCanBeMadeForATable()
    {
        var instance = _guest.Instantiate("""
            (type $t (func (param i32) (result i32 i32)))
            (table (export "table") 1 funcref)
            (func (export "call") (param i32) (result i32 i32) (call_indirect (type $t) (local.get 0) (i32.const 0)))
            """);
        var function = Function.Create(_guest.Store, new FuncType([ValType.I32], [ValType.I32, ValType.I32]), (_, arguments, results) =>
        {
            results[0] = arguments[0];
            results[1] = arguments[0].AsI32() + 1;
        }, "next");
        instance.GetTable("table").Set(0, function);
        Assert.Equal((7, 8), instance.GetFunction<Func<int, (int, int)>>("call")(7));
        Assert.Equal((7, 8), function.As<Func<int, (int, int)>>()(7));
        Assert.Equal([7, 8], function.Invoke(7));
        Assert.Equal("next", function.Name);
    }

    [Fact]
    public void AResultOfAnotherTypeOrNoneIsRefused()
    {
        AssertRefused("i32", results => results[0] = 1L, "is a i32, but the delegate returned i64:1.");
        AssertRefused("i32", results => { }, "is a i32, but the delegate did not set it.");
        AssertRefused("externref", results => { }, "is a externref, but the delegate did not set it.");
        AssertRefused("(ref extern)", results => results[0] = Value.NullRef(ValType.ExternRef), "is a (ref extern), but the delegate returned externref:null.");
        AssertRefused("funcref", results => results[0] = Value.NullRef(ValType.ExternRef), "is a funcref, but the delegate returned externref:null.");

        void AssertRefused(string type, UntypedResults set, string message)
        {
            var module = Module.Parse(_guest.Engine, $"""(import "env" "f" (func $f (result {type}))) (func (export "f") (drop (call $f)))""");
            var linker = new Linker(_guest.Engine);
            linker.Define("env", "f", ((FunctionType)module.Imports[0].Type).Signature, (caller, arguments, results) => set(results));
            var error = Assert.Throws<InvalidCastException>(linker.Instantiate(_guest.Store, module).GetFunction<Action>("f"));
            Assert.Equal($"Result 1 of the host function env.f {message}", error.Message);
        }
    }

    [Fact]
    public void WhatItThrowsPassesThroughAndLeavesNothingBehind()
    {
        var thrown = new FormatException();
        Linker.Define("env", "f", new FuncType([ValType.I32], [ValType.I32]), (caller, arguments, results) =>
        {
            Assert.Equal(default, results[0]);
            results[0] = 1;
            if (arguments[0] == 0)
                throw thrown;
        });
        var f = _guest.Instantiate("""
            (import "env" "f" (func $f (param i32) (result i32))) (func (export "f") (param i32) (result i32) (call $f (local.get 0)))
            """).GetFunction<Func<int, int>>("f");
        Assert.Same(thrown, Assert.Throws<FormatException>(() => f(0)));
        Assert.Equal(1, f(1));
        Assert.Same(thrown, Assert.Throws<FormatException>(() => f(0)));
    }

    [Fact]
    public void CallsInsideOneAnotherKeepTheirValues()
    {
        Linker.Define("env", "sum", new FuncType([ValType.I32, ValType.ExternRef], [ValType.ExternRef, ValType.I32]), (caller, arguments, results) =>
        {
            var n = arguments[0].AsI32();
            results[0] = arguments[1];
            if (n > 0)
            {
                Span<Value> below = [default, default];
                caller.GetFunction("sum").Invoke([n - 1, Value.FromRef($"{arguments[1].AsRef()}{n - 1}", ValType.ExternRef)], below);
                Assert.Equal($"{arguments[1].AsRef()}{n - 1}", below[0].AsRef());
                results[1] = below[1].AsI32() + n;
            }
            else
            {
                results[1] = 0;
            }

            Assert.Equal(n, arguments[0].AsI32());
            Assert.Same(arguments[1].AsRef(), results[0].AsRef());
        });
        var sum = _guest.Instantiate("""
            (import "env" "sum" (func $sum (param i32 externref) (result externref i32)))
            (func (export "sum") (param i32 externref) (result externref i32) (call $sum (local.get 0) (local.get 1)))
            """).GetFunction<Func<int, string, (string, int)>>("sum");
        Assert.Equal(("x", 1275), sum(50, "x"));
        Assert.Equal(("y", 3), sum(2, "y"));
    }

    [Fact]
    public void ACallAllocatesNothing()
    {
        Linker.Define("env", "add", new FuncType([ValType.I32, ValType.I32], [ValType.I32]), static (caller, arguments, results) =>
            results[0] = arguments[0].AsI32() + arguments[1].AsI32());
        var f = _guest.Instantiate("""
            (import "env" "add" (func $add (param i32 i32) (result i32)))
            (func (export "f") (param i32) (result i32) (call $add (local.get 0) (local.get 0)))
            """).GetFunction<Func<int, int>>("f");
        for (var i = 0; i < 100; i++)
            f(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            f(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void WithoutATypeItIsRefused()
    {
        UntypedFunction function = (_, _, _) => { };
        AsyncUntypedFunction async = (_, _, _) => default;
        const string message = " does not say what type the function has: give a FuncType with it.";
        Assert.EndsWith(message, Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", function)).Message, StringComparison.Ordinal);
        Assert.EndsWith(message, Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", async)).Message, StringComparison.Ordinal);
        Assert.EndsWith(message, Assert.Throws<ArgumentException>(() => Function.Create(_guest.Store, async)).Message, StringComparison.Ordinal);
    }

    private delegate void UntypedResults(Span<Value> results);
}
