using System.Globalization;

namespace Fermata.Wast;

/// <summary>What a script does with the engine.</summary>
internal sealed partial class WastRun
{
    private readonly Engine _engine;
    private readonly Store _store;
    private readonly Linker _linker;
    private readonly RoundTripForm _roundTrip;

    /// <param name="engine">The engine.</param>
    /// <param name="script">The name of the script.</param>
    /// <param name="commands">The commands to run.</param>
    /// <param name="output">Where print functions write; threads write to it too.</param>
    /// <param name="roundTrip">How modules are written and read again before they are compiled.</param>
    public WastRun(Engine engine, string script, IReadOnlyList<WastCommand> commands, TextWriter output, RoundTripForm roundTrip)
    {
        _roundTrip = roundTrip;
        _engine = engine;
        _script = script;
        _commands = commands;
        _output = output;
        _store = new Store(engine);
        _linker = new Linker(engine) { AllowRedefinition = true };
        DefineSpectest(output);
    }

    /// <summary>Whether modules are compiled into assemblies first.</summary>
    public bool Persists { get; init; }

    public void Dispose() => _store.Dispose();

    private Module Compile(WastModule module) => Use(module, Load);

    private Module Load(byte[] binary)
    {
        var module = Module.Load(_engine, binary);
        return Persists ? PersistedModule.Of(module) : module;
    }

    private Module CompileWithCustomSections(WastModule module) => Use(module, binary =>
    {
        var compiled = Load(binary);
        compiled.ValidateCustomSections();
        return compiled;
    });

    private Module Use(WastModule module, Func<byte[], Module> use)
    {
        var (binary, map) = module.Assemble();
        try
        {
            return use(RoundTrip.Write(binary, _roundTrip));
        }
        catch (ModuleException e) when (map is not null)
        {
            throw map.Translate(e);
        }
    }

    private Instance Instantiate(Module module) => _linker.Instantiate(_store, module);

    private void Register(string moduleName, Instance instance) => _linker.DefineInstance(moduleName, instance);

    private Value[] Perform(WastAction action)
    {
        var instance = FindInstance(action.Instance);
        if (action.IsGet)
        {
            if (!instance.TryGetGlobal(action.Name, out var global))
                throw new CommandFailedException($"no global \"{action.Name}\" is exported");
            return [global.Value];
        }

        if (!instance.TryGetFunction(action.Name, out var function))
            throw new CommandFailedException($"no function \"{action.Name}\" is exported");
        return function.Invoke(Array.ConvertAll(action.Arguments, ToValue));
    }

    private static Value ToValue(WastConstant constant) => constant.Type.Kind switch
    {
        ValKind.I32 => Value.FromI32((int)constant.Bits),
        ValKind.I64 => Value.FromI64((long)constant.Bits),
        ValKind.F32 => Value.FromF32(BitConverter.UInt32BitsToSingle((uint)constant.Bits)),
        ValKind.F64 => Value.FromF64(BitConverter.UInt64BitsToDouble(constant.Bits)),
        ValKind.V128 => Value.FromV128(constant.Vector),
        _ => Value.FromRef(constant.Reference, constant.Type),
    };

    /// <summary>Whether an exception is one that WebAssembly code threw.</summary>
    private static bool IsThrownByCode(Exception e) => e is WasmException;

    /// <summary>The host module of the suite (interpreter/README.md, "Spectest Host Module").</summary>
    private void DefineSpectest(TextWriter output)
    {
        const string name = "spectest";
        _linker.Define(name, "global_i32", new Global(_store, new GlobalType(ValType.I32, false), Value.FromI32(666)));
        _linker.Define(name, "global_i64", new Global(_store, new GlobalType(ValType.I64, false), Value.FromI64(666)));
        _linker.Define(name, "global_f32", new Global(_store, new GlobalType(ValType.F32, false), Value.FromF32(666.6f)));
        _linker.Define(name, "global_f64", new Global(_store, new GlobalType(ValType.F64, false), Value.FromF64(666.6)));
        _linker.Define(name, "table", new Table(_store, new TableType(ValType.FuncRef, new Limits(10, 20))));
        _linker.Define(name, "table64", new Table(_store, new TableType(ValType.FuncRef, new Limits(10, 20), Is64: true)));
        _linker.Define(name, "memory", new Memory(_store, new MemoryType(new Limits(1, 2))));
        _linker.Define(name, "print", () => Print(output));
        _linker.Define(name, "print_i32", (int value) => Print(output, value));
        _linker.Define(name, "print_i64", (long value) => Print(output, value));
        _linker.Define(name, "print_f32", (float value) => Print(output, value));
        _linker.Define(name, "print_f64", (double value) => Print(output, value));
        _linker.Define(name, "print_i32_f32", (int first, float second) => Print(output, first, second));
        _linker.Define(name, "print_f64_f64", (double first, double second) => Print(output, first, second));
    }

    private static void Print(TextWriter output, params object[] values) =>
        output.WriteLine(string.Join(' ', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))));
}
