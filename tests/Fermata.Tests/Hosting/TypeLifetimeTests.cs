using System.Runtime.CompilerServices;

namespace Fermata.Tests.Hosting;

/// <summary>Types, and what was made for them, live as long as something has them: a module, a function, a table, an object; and no longer.</summary>
public sealed class TypeLifetimeTests
{
    private readonly Engine _engine = new(new EngineOptions { AllowsFunctionPointerCasts = true });

    [Fact]
    public void Modules_that_are_gone_leave_nothing()
    {
        var gone = Enumerable.Range(0, 8).SelectMany(UseModule).ToArray();
        AssertCollected(gone);
        _engine.Types.Intern(new FuncType([], []));
        Assert.InRange(_engine.Types.Count, 1, 10);
    }

    [Fact]
    public void A_structure_keeps_its_type_when_its_module_is_gone()
    {
        const string Pair = "(type $base (sub (struct (field i32)))) (type $pair (sub $base (struct (field i32) (field i32))))";
        using var store = new Store(_engine);
        var table = new Table(store, new TableType(ValType.Ref(true, HeapType.Any), new Limits(1, 1)));
        Make(Pair, "$pair", table);
        Collect();
        LoadOthers();

        var instance = Load(store, Pair + """
            (type $other (sub $base (struct (field i32) (field i64))))
            (import "" "t" (table 1 1 anyref))
            (func (export "pair") (result i32) (struct.get $pair 1 (ref.cast (ref $pair) (table.get (i32.const 0)))))
            (func (export "base") (result i32) (ref.test (ref $base) (table.get (i32.const 0))))
            (func (export "other") (result i32) (ref.test (ref $other) (table.get (i32.const 0))))
            """, linker => linker.Define("", "t", table));
        Assert.Equal(7, Call(instance, "pair"));
        Assert.Equal(1, Call(instance, "base"));
        Assert.Equal(0, Call(instance, "other"));
    }

    [Fact]
    public void An_array_keeps_its_type_when_its_module_is_gone()
    {
        const string Types = "(type $base (sub (array i64))) (type $words (sub $base (array i64)))";
        using var store = new Store(_engine);
        var array = MakeArray(Types);
        Collect();
        LoadOthers();

        var instance = Load(store, Types + """
            (func (export "words") (param anyref) (result i32) (ref.test (ref $words) (local.get 0)))
            (func (export "base") (param anyref) (result i32) (ref.test (ref $base) (local.get 0)))
            (func (export "element") (param anyref) (result i64) (array.get $base (ref.cast (ref $base) (local.get 0)) (i32.const 2)))
            """);
        Assert.Equal(1, instance.GetFunction<Func<object, int>>("words")(array));
        Assert.Equal(1, instance.GetFunction<Func<object, int>>("base")(array));
        Assert.Equal(5, instance.GetFunction<Func<object, long>>("element")(array));

        [MethodImpl(MethodImplOptions.NoInlining)]
        object MakeArray(string types)
        {
            using var other = new Store(_engine);
            return Load(other, types + """(func (export "make") (result anyref) (array.new $words (i64.const 5) (i32.const 3)))""")
                .GetFunction<Func<object>>("make")();
        }
    }

    [Theory]
    [InlineData("(table (export \"x\") 1 (ref null $t))", "(table 1 (ref null $t))")]
    [InlineData("(global (export \"x\") (mut (ref null $t)) (ref.null $t))", "(global (mut (ref null $t)))")]
    [InlineData("(tag (export \"x\") (param (ref null $t)))", "(tag (param (ref null $t)))")]
    [InlineData("(func (export \"x\") (param (ref null $t)))", "(func (param (ref null $t)))")]
    public void What_a_module_exported_keeps_its_types(string export, string import)
    {
        const string Types = "(type $t (struct (field f32) (field (ref null $t))))";
        using var store = new Store(_engine);
        var value = Export(store, Types + export);
        Collect();
        LoadOthers();
        var importing = Module.Parse(_engine, $"(module {Types} (import \"\" \"x\" {import}))");
        importing.Instantiate(store, [value]);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static object Export(Store store, string text) => Load(store, text).Exports[0].Value;
    }

    [Fact]
    public void A_linker_keeps_the_types_of_its_functions()
    {
        const string Text = """(module (type $t (struct (field f64 f32))) (import "env" "f" (func (param (ref null $t)))) (func (export "g") (call 0 (ref.null $t))))""";
        var calls = 0;
        var linker = new Linker(_engine);
        Define();
        Collect();
        LoadOthers();
        using var store = new Store(_engine);
        linker.Instantiate(store, Module.Parse(_engine, Text)).GetFunction("g").Invoke();
        Assert.Equal(1, calls);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Define()
        {
            var type = (FunctionType)Module.Parse(_engine, Text).Imports[0].Type;
            linker.Define("env", "f", type.Signature, (Caller caller, ReadOnlySpan<Value> arguments, Span<Value> results) => calls++);
        }
    }

    [Fact]
    public void A_type_of_which_nothing_is_left_is_refused()
    {
        using var store = new Store(_engine);
        var type = TypeOfGlobal();
        Collect();
        Assert.StartsWith("The engine has no type ", Assert.Throws<InvalidOperationException>(() => new Table(store, new TableType(type, new Limits(1, 1)))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new Global(store, new GlobalType(type, true), Value.NullRef(type)));
        Assert.Throws<InvalidOperationException>(() => new Tag(store, type));
        Assert.Throws<InvalidOperationException>(() => Function.Create(store, new FuncType([type], []), (_, _, _) => { }));

        [MethodImpl(MethodImplOptions.NoInlining)]
        ValType TypeOfGlobal() => ((GlobalType)Module.Parse(_engine, """
            (module (type $t (struct (field f64 f64 f32))) (global (export "g") (mut (ref null $t)) (ref.null $t)))
            """).Exports[0].Type).Type;
    }

    /// <summary>Each module has the type of the one before, one of its own, and one that refers to, or derives from, that of the one before.</summary>
    [Theory]
    [InlineData("(struct (field (ref $before)))")]
    [InlineData("(sub $before (struct {0} (field f32)))")]
    public void Modules_that_overlap_do_not_keep_all_before_them(string third)
    {
        var classes = new List<WeakReference>();
        var last = LoadOverlapping(classes, third, 12);
        Collect();
        Assert.InRange(classes.Count(type => type.IsAlive), 1, 6);
        GC.KeepAlive(last);
    }

    [Fact]
    public void A_pair_of_types_counts_once_among_the_casts_of_a_module()
    {
        var module = Module.Parse(_engine, """
            (type $v (func))
            (table (export "t") 1 funcref)
            (func (export "f") (call_indirect (type $v) (i32.const 0)))
            """);
        var first = CallOther();
        Collect();
        Assert.True(first.IsAlive);
        Assert.Same(first.Target, CallOther().Target);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference CallOther()
        {
            using var store = new Store(_engine);
            var instance = module.Instantiate(store, []);
            var function = Load(store, """(type $t (struct (field f64 i64 f32))) (func (export "f") (param (ref null $t)))""").GetFunction("f");
            instance.GetTable("t").Set(0, function);
            instance.GetFunction("f").Invoke();
            return new WeakReference(function.DefinedType);
        }
    }

    /// <summary>Loads modules of which each is dropped when the next one is loaded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Module LoadOverlapping(List<WeakReference> classes, string third, int count)
    {
        Module? last = null;
        for (var i = 0; i < count; i++)
        {
            var next = Module.Parse(_engine, $$"""
                (module
                  (type $before (sub (struct {{Fields(i)}})))
                  (type $first (sub (struct {{Fields(i + 1)}})))
                  (type $third {{third.Replace("{0}", Fields(i), StringComparison.Ordinal)}})
                  (func (param (ref $before))
                    (drop (struct.new_default $before)) (drop (struct.new_default $first)) (drop (ref.test (ref $third) (local.get 0)))))
                """);
            classes.Add(new WeakReference(next.Code.Struct(next.Types.Types[1])));
            GC.KeepAlive(last);
            last = next;
            Collect();
        }

        return last!;
    }

    /// <summary>Makes all that a type may have: objects, host functions, delegates, promising calls, functions that trap, and casts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] UseModule(int number)
    {
        var parameters = string.Concat(Enumerable.Range(0, 4).Select(bit => (number >> bit & 1) == 0 ? " i32" : " i64"));
        var arguments = string.Concat(Enumerable.Range(0, 4).Select(bit => (number >> bit & 1) == 0 ? " (i32.const 0)" : " (i64.const 0)"));
        using var store = new Store(_engine);
        var module = Module.Parse(_engine, $$"""
            (module
              (rec (type $s (sub (struct {{Fields(number)}} (field (ref null $a))))) (type $a (array (ref null $s))))
              (type $sub (sub $s (struct {{Fields(number)}} (field (ref null $a)) (field f32))))
              (type $f (func (param{{parameters}} f32)))
              (import "env" "missing" (func $missing (type $f)))
              (import "env" "untyped" (func $untyped (type $f)))
              (table funcref (elem $untyped $made))
              (global (export "g") anyref (struct.new_default $sub))
              (tag $t (param (ref $s)))
              (func $made (param{{parameters}} f64))
              (func (export "object") (result anyref) (array.new $a (struct.new_default $sub) (i32.const 2)))
              (func (export "call") (type $f)
                (call_indirect (type $f){{arguments}} (f32.const 0) (i32.const 0))
                (call_indirect (type $f){{arguments}} (f32.const 0) (i32.const 1))))
            """);
        var type = (FunctionType)module.Imports[1].Type;
        var linker = new Linker(_engine);
        linker.Define("env", "untyped", type.Signature, async (_, _, _) =>
        {
            await Task.Yield();
            return [];
        });
        var instance = linker.DefineUnknownImportsAsTraps(module).Instantiate(store, module);
        var call = instance.GetFunction("call");
        call.InvokeAsync([.. call.Type.Parameters.Select(type => Value.TryParse("0", type, out var zero) ? zero : default)]).GetAwaiter().GetResult();
        var value = instance.GetFunction("object").Invoke()[0].AsRef()!;
        return
        [
            new WeakReference(module), new WeakReference(type.Definition), new WeakReference(module.Types.Types[0]), new WeakReference(value.GetType()),
            new WeakReference(instance.GetGlobal("g").Value.AsRef()!.GetType()), new WeakReference(_engine.Thunks.For(type.Definition)),
        ];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Make(string types, string type, Table table)
    {
        using var store = new Store(_engine);
        var make = Load(store, $"{types} (func (export \"make\") (result anyref) (struct.new {type} (i32.const 1) (i32.const 7)))").GetFunction("make");
        table.Set(0, make.Invoke()[0].AsRef());
    }

    /// <summary>What would take the place of types that are gone.</summary>
    private void LoadOthers()
    {
        using var store = new Store(_engine);
        for (var i = 0; i < 10; i++)
            Load(store, $"(type $t (struct {Fields(i + 1000)})) (func (drop (struct.new_default $t)))");
        Collect();
    }

    /// <summary>The fields of a structure, others for each number.</summary>
    private static string Fields(int number) => string.Concat(
        Convert.ToString(number, 2).PadLeft(8, '0').Select(bit => bit == '0' ? "(field i32)" : "(field i64)"));

    private static int Call(Instance instance, string name) => instance.GetFunction<Func<int>>(name)();

    private static Instance Load(Store store, string text, Action<Linker>? define = null)
    {
        var linker = new Linker(store.Engine);
        define?.Invoke(linker);
        return linker.Instantiate(store, Module.Parse(store.Engine, text));
    }

    private static void AssertCollected(WeakReference[] references)
    {
        // A thread of the pool that has ended a call may still be on its way out.
        var end = DateTime.UtcNow.AddMinutes(1);
        while (references.Any(reference => reference.IsAlive) && DateTime.UtcNow < end)
            Collect();
        Assert.All(references, reference => Assert.Null(reference.Target));
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
