namespace Fermata.Wast;

/// <summary>What a script does with the engine.</summary>
internal sealed partial class WastRun
{
    private readonly Engine _engine;
    private Store _store;
    private Linker _linker;
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
        _linker = NewLinker();
        DefineSpectest(_ => null);
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

    private void Register(string moduleName, Instance instance)
    {
        _registered.Add((moduleName, instance));
        _linker.DefineInstance(moduleName, instance);
    }

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
        var arguments = Array.ConvertAll(action.Arguments, ToValue);
        return Snapshots is null ? function.Invoke(arguments) : InvokeWithSnapshots(Snapshots, function, arguments);
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
}
