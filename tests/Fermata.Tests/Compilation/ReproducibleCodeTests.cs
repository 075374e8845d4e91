using System.Diagnostics;
using System.Reflection;

namespace Fermata.Tests.Compilation;

/// <summary>The code that is made for a module depends on the module and the options, not on what was compiled in the engine or the process before.</summary>
public sealed class ReproducibleCodeTests
{
    private const string OtherTypes = """
        (module
          (type $list (struct (field (ref null $list)) (field i64)))
          (type $floats (array (mut f64)))
          (type $wide (func (param i64 i64) (result f64)))
          (func (param (ref $list)) (result (ref $floats)) (array.new_default $floats (i32.const 3))))
        """;

    /// <summary>The types that the module also has, in another order and place.</summary>
    private const string SameTypes = """
        (module
          (rec (type $node (sub (struct (field (mut (ref null $node))) (field i32)))) (type $nodes (array (mut (ref null $node)))))
          (type $leaf (sub final $node (struct (field (mut (ref null $node))) (field i32) (field i64))))
          (type $pair (func (param i32 i32) (result i32)))
          (func (result (ref $leaf)) (struct.new_default $leaf))
          (func (result (ref $nodes)) (array.new_default $nodes (i32.const 1))))
        """;

    private const string Observed = """
        (module
          (type $unary (func (param i32) (result i32)))
          (type $open (sub (func (result i32))))
          (type $narrow (sub $open (func (result i32))))
          (type $pair (func (param i32 i32) (result i32)))
          (rec (type $node (sub (struct (field (mut (ref null $node))) (field i32)))) (type $nodes (array (mut (ref null $node)))))
          (type $leaf (sub final $node (struct (field (mut (ref null $node))) (field i32) (field i64))))
          (import "env" "observe" (func $observe))
          (table 4 4 funcref)
          (elem (i32.const 0) $add $narrow $one)
          (elem declare func $one)
          (func $add (type $pair) (call $observe) (call $observe) (i32.add (local.get 0) (local.get 1)))
          (func $narrow (type $narrow) (i32.const 5))
          (func $one (type $unary) (local.get 0))
          (func (export "calls") (result i32)
            (call $observe)
            (drop (ref.cast (ref $unary) (ref.func $one)))
            (i32.add
              (call_indirect (type $pair) (i32.const 1) (i32.const 2) (i32.const 0))
              (i32.add
                (call_indirect (type $open) (i32.const 1))
                (ref.test (ref $narrow) (table.get (i32.const 1))))))
          (func (export "objects") (result i32)
            (local $node (ref null $node)) (local $nodes (ref $nodes))
            (local.set $node (struct.new $leaf (ref.null $node) (i32.const 7) (i64.const 8)))
            (local.set $nodes (array.new $nodes (local.get $node) (i32.const 2)))
            (call $observe)
            (call $observe)
            (drop (ref.cast (ref $leaf) (local.get $node)))
            (i32.add
              (struct.get $node 1 (array.get $nodes (local.get $nodes) (i32.const 1)))
              (ref.test (ref $nodes) (local.get $nodes))))
          (func (export "vectors") (result i32)
            (call $observe)
            (i32x4.extract_lane 0 (f32x4.add (v128.const i32x4 1 2 3 4) (f32x4.neg (v128.const i32x4 1 2 3 4))))
            (call $observe)))
        """;

    public static TheoryData<EngineOptions> Options => new()
    {
        EngineOptions.Default,
        EngineOptions.Default with { SuspendEverywhere = true },
        EngineOptions.Default with { AllowsFunctionPointerCasts = true, UsesFuel = true },
    };

    [Theory]
    [MemberData(nameof(Options), DisableDiscoveryEnumeration = true)]
    public async Task Code_is_the_same_whatever_was_compiled_before(EngineOptions options)
    {
        var fresh = await CodeOf(new Engine(options));
        var used = await CodeOf(EngineWith(options, OtherTypes, SameTypes));
        var usedOtherwise = await CodeOf(EngineWith(options, SameTypes, OtherTypes));

        AssertEqual(fresh, used);
        AssertEqual(fresh, usedOtherwise);
        Assert.Equal(options.SuspendEverywhere, fresh.Keys.Any(name => name.StartsWith("Resume", StringComparison.Ordinal)));
    }

    private static void AssertEqual(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (method, code) in expected)
            Assert.Equal(code, actual[method]);
    }

    private static Engine EngineWith(EngineOptions options, params string[] modules)
    {
        var engine = new Engine(options);
        foreach (var module in modules)
            Module.Parse(engine, module);
        return engine;
    }

    /// <summary>The code of the run forms, and of the resume forms that were needed.</summary>
    private static async Task<SortedDictionary<string, string>> CodeOf(Engine engine)
    {
        using var store = new Store(engine) { Fuel = 1_000_000 };
        var assemblies = new HashSet<Assembly>();
        var linker = new Linker(engine);
        linker.Define("env", "observe", () => assemblies.UnionWith(RunningCode()));
        var module = Module.Parse(engine, Observed);
        await module.PrepareAsync();
        var instance = linker.Instantiate(store, module);
        Assert.Equal(9, await instance.GetFunction<Func<Task<int>>>("calls")());
        Assert.Equal(8, await instance.GetFunction<Func<Task<int>>>("objects")());
        Assert.Equal(0, await instance.GetFunction<Func<Task<int>>>("vectors")());

        var code = new SortedDictionary<string, string>(
            assemblies
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => type.Name.StartsWith("Function", StringComparison.Ordinal) || type.Name.StartsWith("Resume", StringComparison.Ordinal))
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
                .ToDictionary(method => $"{method.DeclaringType!.Name}.{method.Name}", IntermediateCode.Describe),
            StringComparer.Ordinal);
        Assert.Equal(
            module.Definition.Functions.Count - module.Definition.ImportedFunctionCount,
            code.Keys.Count(name => name.StartsWith("Function", StringComparison.Ordinal)));
        return code;
    }

    /// <summary>The assemblies that the functions on the stack lie in.</summary>
    private static IEnumerable<Assembly> RunningCode() =>
        from frame in new StackTrace().GetFrames()
        let type = frame.GetMethod()?.DeclaringType
        where type is { Assembly.IsDynamic: true } && type.Assembly.GetName().Name!.StartsWith("Fermata.Code", StringComparison.Ordinal)
        select type.Assembly;
}
