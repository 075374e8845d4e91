using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fermata.Fuzz.Running;

/// <summary>Carries out a plan in Fermata; <c>node/run.mjs</c> is the same for V8.</summary>
internal sealed class FermataRun : IDisposable
{
    private readonly Plan _plan;
    private readonly Engine _engine;
    private readonly Store _store;
    private readonly Tag _tag;
    private readonly RunLog _log;
    private readonly FuzzingSupport _support;
    private Instance? _instance;

    private FermataRun(Engine engine, Plan plan, Action<string>? observer)
    {
        _log = new RunLog(observer);
        _engine = engine;
        _plan = plan;
        // By default a store sets the pointer of a C stack back after a trap, which V8 does not.
        _store = new Store(engine, new StoreOptions { ShadowStack = ShadowStackPolicy.None });
        _tag = new Tag(_store, ValType.I32);
        _support = new FuzzingSupport(plan, _tag, _log, () => _instance);
    }

    /// <summary>What happens when a plan is carried out.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="observer">Gets the lines one by one too.</param>
    public static List<string> Lines(Engine engine, Plan plan, Action<string>? observer = null)
    {
        using var run = new FermataRun(engine, plan, observer);
        return run.Lines();
    }

    public void Dispose() => _store.Dispose();

    /// <summary>An argument of a plan.</summary>
    public static Value Argument(JsonNode? planned, ValType type) => planned?.GetValueKind() switch
    {
        null => Value.NullRef(type),
        JsonValueKind.Number => Value.FromI32(planned.GetValue<int>()),
        _ when planned.GetValue<string>() is ['h', 'o', 's', 't', ' ', .. var number] =>
            Value.FromRef(HostObject.All[int.Parse(number, CultureInfo.InvariantCulture)], type),
        _ => Value.FromI64(long.Parse(planned.GetValue<string>(), CultureInfo.InvariantCulture)),
    };

    private List<string> Lines()
    {
        Attempt("instantiate", Instantiate);
        if (_instance is not null)
        {
            foreach (var call in _plan.Calls)
                Attempt($"call {call.Function}", () => Call(call));
            Inspect();
        }

        return _log.Lines;
    }

    private void Attempt(string what, Func<string> action) => _log.Attempt(what, action, DescribeException);

    private string Instantiate()
    {
        var given = _plan.Imports.ConvertAll(MakeImport);
        if (_plan.Adapter is { } adapter)
            ReplaceAdapted(given, adapter);
        var linker = new Linker(_engine);
        var names = new HashSet<(string, string)>();
        for (var i = 0; i < given.Count; i++)
        {
            var planned = _plan.Imports[i];
            if (names.Add((planned.Module, planned.Name)))
                Define(linker, planned.Module, planned.Name, given[i]);
        }

        _instance = linker.Instantiate(_store, Module.Load(_engine, _plan.Module));
        for (var i = 0; i < _plan.Functions.Count; i++)
            _log.Functions[_instance.GetFunction($"f{i}")] = i;
        return "ok";
    }

    private void ReplaceAdapted(List<object> given, byte[] adapter)
    {
        var linker = new Linker(_engine);
        for (var i = 0; i < given.Count; i++)
            Define(linker, "host", $"{i}", given[i]);
        var instance = linker.Instantiate(_store, Module.Load(_engine, adapter));
        for (var i = 0; i < given.Count; i++)
        {
            if (_plan.Imports[i].IsAdapted)
                given[i] = instance.GetFunction($"a{i}");
        }
    }

    private static void Define(Linker linker, string module, string name, object value) => _ = value switch
    {
        Delegate function => linker.Define(module, name, function),
        Function function => linker.Define(module, name, function),
        Memory memory => linker.Define(module, name, memory),
        Table table => linker.Define(module, name, table),
        Global global => linker.Define(module, name, global),
        _ => linker.Define(module, name, (Tag)value),
    };

    private object MakeImport(PlannedImport planned)
    {
        var limits = new Limits(planned.Min, planned.Max);
        switch (planned.Kind)
        {
            case nameof(ExternKind.Func):
                return HostDelegates.Create(planned.Parameters, planned.Types, arguments => _support.Call(planned, arguments));
            case nameof(ExternKind.Global):
                var type = Type(planned.Types[0]);
                return new Global(_store, new GlobalType(type, planned.IsMutable), DefaultValue(type));
            case nameof(ExternKind.Memory):
                var memory = new MemoryType(limits, planned.Is64, planned.IsShared);
                return planned.IsShared ? new Memory(memory) : new Memory(_store, memory);
            case nameof(ExternKind.Table):
                return new Table(_store, new TableType(Type(planned.Types[0]), limits, planned.Is64));
            default:
                return planned.Name switch
                {
                    "jstag" => _store.HostExceptionTag,
                    "wasmtag" => _tag,
                    _ => new Tag(_store, [.. planned.Types.Select(Type)]),
                };
        }
    }

    private string Call(PlannedCall call)
    {
        if (_plan.Fuel > 0)
            _instance!.GetGlobal("fuel").Value = _plan.Fuel;
        var function = _instance!.GetFunction(_plan.Functions[call.Function]!.Name);
        return DescribeAll(function.Invoke(FuzzingSupport.Arguments(function, call.Arguments)));
    }

    private void Inspect()
    {
        foreach (var name in _plan.Getters)
            Attempt(name, () => DescribeAll(_instance!.GetFunction(name).Invoke()));
        foreach (var name in _plan.Globals)
            Attempt(name, () => _log.Describe(_instance!.GetGlobal(name).Value));
        for (var i = 0; i < _plan.Memories; i++)
        {
            var memory = _instance!.GetMemory($"m{i}");
            Attempt($"m{i}", () => RunLog.Hash(memory));
        }

        for (var i = 0; i < _plan.Tables.Count; i++)
            _log.Say(FormattableString.Invariant($"t{i}: {_instance!.GetTable($"t{i}").Length}"));
    }

    private string DescribeAll(Value[] values) => _log.DescribeAll(values.Select(value => (object?)value));

    private string DescribeException(WasmException exception)
    {
        for (var i = 0; _instance is not null && i < _plan.Tags.Count; i++)
        {
            if (_instance.TryGetTag($"e{i}", out var tag) && tag == exception.Tag)
                return $"exception {i} [{string.Join(", ", exception.Values.Select((value, k) => DescribeCarried(value, _plan.Tags[i][k])))}]";
        }

        return "exception of another tag";
    }

    private string DescribeCarried(Value value, string type) => type switch
    {
        "v128" or "ref" => type,
        "f32" => DescribeNumber(value.AsF32()),
        "f64" => DescribeNumber(value.AsF64()),
        _ => _log.Describe(value),
    };

    /// <summary>The bits as a 64-bit number; there is one NaN in JavaScript.</summary>
    private static string DescribeNumber(double number) =>
        double.IsNaN(number) ? "nan" : BitConverter.DoubleToInt64Bits(number).ToString(CultureInfo.InvariantCulture);

    private static ValType Type(string name) => name switch
    {
        "i32" => ValType.I32,
        "i64" => ValType.I64,
        "f32" => ValType.F32,
        "f64" => ValType.F64,
        "funcref" => ValType.FuncRef,
        "host" => ValType.Ref(false, HeapType.Extern),
        _ => ValType.ExternRef,
    };

    private static Value DefaultValue(ValType type) => type.Kind switch
    {
        ValKind.I32 => 6,
        ValKind.I64 => 6L,
        ValKind.F32 => 6f,
        ValKind.F64 => 6d,
        _ => Value.FromRef(type.IsNullable ? null : HostObject.All[1], type),
    };
}
