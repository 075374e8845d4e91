using Fermata.Binary;
using Fermata.Compilation;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Hosting;

/// <summary>Makes an instance of a module (section 4.7.2 "Instantiation").</summary>
internal sealed class Instantiation
{
    private readonly Store _store;
    private readonly Module _module;
    private readonly ModuleDefinition _definition;
    private readonly Instance _instance;

    private Instantiation(Store store, Module module, Memory[] memories, bool isCast = false)
    {
        _store = store;
        _module = module;
        _definition = module.Definition;
        var code = module.CodeFor(memories);
        _instance = code.CreateInstance();
        _instance.Attach(store, module, code, isCast);
        _instance.Memories = new Memory[memories.Length];
        for (var i = 0; i < memories.Length; i++)
            Set(_instance.Memories, ExternKind.Memory, i, memories[i]);
        _instance.Tables = new Table[_definition.Tables.Count];
        _instance.Globals = new Global[_definition.Globals.Count];
        _instance.Tags = new Tag[_definition.Tags.Count];
    }

    /// <summary>Checks the imports, makes the instance and runs its start function.</summary>
    /// <param name="store">The store.</param>
    /// <param name="module">The module, of the store's engine.</param>
    /// <param name="imports">For each import what <see cref="ImportMatching.Require"/> takes.</param>
    /// <param name="cancellationToken">Ends the start function.</param>
    public static Instance Run(Store store, Module module, ReadOnlySpan<object?> imports, CancellationToken cancellationToken)
    {
        store.Scheduler.EnterTurn();
        using var activity = Telemetry.Start("instantiate", module.Name);
        try
        {
            var instance = Create(store, module, imports);
            if (module.Definition.Start is { } start)
                store.Scheduler.Invoke(instance.FunctionAt(start), cancellationToken, isStart: true);
            return instance;
        }
        finally
        {
            store.Scheduler.LeaveTurn();
        }
    }

    /// <summary>Checks the imports and makes an instance that begins with an image.</summary>
    public static Instance FromImage(Store store, InstanceImage image, ReadOnlySpan<object?> imports, Func<object, object?>? load)
    {
        store.Scheduler.EnterTurn();
        using var activity = Telemetry.Start("instantiate", image.Module.Name);
        try
        {
            var instance = Create(store, image.Module, imports, image);
            image.Restore(instance, load);
            return instance;
        }
        finally
        {
            store.Scheduler.LeaveTurn();
        }
    }

    /// <summary>As <see cref="Run"/>, with the start function as a promising call.</summary>
    public static async Task<Instance> RunAsync(Store store, Module module, object?[] imports, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var activity = Telemetry.Start("instantiate", module.Name);
        Instance instance = null!;
        await store.Scheduler.OnTurn(() => instance = Create(store, module, imports)).ConfigureAwait(false);
        if (module.Definition.Start is { } start)
        {
            var function = instance.FunctionAt(start);
            await PromisingCall<NoResult>.Start(function, NoResult.Reader, SlotValues.ForArguments(function), cancellationToken).ConfigureAwait(false);
        }

        return instance;
    }

    /// <summary>Checks the imports and makes an instance without what its segments put into memories and tables. The turn is held.</summary>
    public static Instance ForSnapshot(Store store, Module module, ReadOnlySpan<object?> imports) => Create(store, module, imports, image: null, initializes: false);

    /// <summary>All but the start function. The turn is held.</summary>
    private static Instance Create(Store store, Module module, ReadOnlySpan<object?> imports, InstanceImage? image = null) =>
        Create(store, module, imports, image, initializes: image is null);

    private static Instance Create(Store store, Module module, ReadOnlySpan<object?> imports, InstanceImage? image, bool initializes)
    {
        store.ThrowIfDisposed();
        new ImportMatching(module).Require(imports);
        RequireOwned(store, module, imports);
        var stack = StackSearch.Find(module, store.Options);
        store.Resources.Reserve(NeedsOf(module));
        var instantiation = new Instantiation(store, module, MemoriesOf(store, module, imports));
        instantiation.Import(imports!);
        instantiation.Allocate(image);
        if (initializes)
            instantiation.Initialize();
        if (stack is { } location)
            store.Context.ShadowStacks.Add(instantiation._instance, location);
        return instantiation._instance;
    }

    /// <summary>An instance of a <see cref="CastModule"/>. The function is of the right type but for what its references refer to.</summary>
    public static Instance OfCast(Store store, Module module, Function function)
    {
        var instantiation = new Instantiation(store, module, [], isCast: true);
        instantiation.Import([function]);
        instantiation.Allocate();
        return instantiation._instance;
    }

    /// <summary>The memories of a new instance: those that are imported, which come first, and new ones.</summary>
    private static Memory[] MemoriesOf(Store store, Module module, ReadOnlySpan<object?> imports)
    {
        var memories = new Memory[module.Definition.Memories.Count];
        var count = 0;
        foreach (var import in imports)
        {
            if (import is Memory memory)
                Add(memory);
        }

        while (count < memories.Length)
            Add(Memory.Create(store, module.Types.MemoryTypes[count]));
        return memories;

        void Add(Memory memory)
        {
            if (memory.Store is null)
                store.Use(memory);
            memories[count++] = memory;
        }
    }

    private static void RequireOwned(Store store, Module module, ReadOnlySpan<object?> imports)
    {
        for (var i = 0; i < imports.Length; i++)
        {
            var import = module.Imports[i];
            if (StoreOf(imports[i]) is { } owner && owner != store)
            {
                throw new ArgumentException(
                    $"What is defined as {HostileText.Quoted(import.Module)} {HostileText.Quoted(import.Name)} is {Describe(imports[i])} of another store. "
                    + "Make it in this store, with a linker for each store; only delegates and shared memories may be used in all.");
            }
        }
    }

    /// <summary>What an instance of the module adds to a store. A size beyond what is possible is counted as one beyond it.</summary>
    private static (StoreResource Resource, long Amount)[] NeedsOf(Module module)
    {
        var (memories, bytes, tables, elements) = (0L, 0L, 0L, 0L);
        for (var i = 0; i < module.Definition.Memories.Count; i++)
        {
            if (module.Definition.Memories[i].IsImported)
                continue;
            memories++;
            bytes += (long)Math.Min(module.Types.MemoryTypes[i].Limits.Min, (Memory.MaxByteLength64 / Memory.PageSize) + 1) * Memory.PageSize;
        }

        for (var i = 0; i < module.Definition.Tables.Count; i++)
        {
            if (module.Definition.Tables[i].IsImported)
                continue;
            tables++;
            elements += (long)Math.Min(module.Types.TableTypes[i].Limits.Min, Table.MaxLength + 1);
        }

        return
        [
            (StoreResource.Instances, 1), (StoreResource.Memories, memories), (StoreResource.MemoryBytes, bytes),
            (StoreResource.Tables, tables), (StoreResource.TableElements, elements),
        ];
    }

    /// <summary>The store that an import belongs to; null for a delegate or a shared memory.</summary>
    private static Store? StoreOf(object? import) => import switch
    {
        Function function => function.Store,
        Memory memory => memory.Store,
        Table table => table.Store,
        Global global => global.Store,
        Tag tag => tag.Store,
        _ => null,
    };

    private static string Describe(object? import) => import is null ? "" : $"a {import.GetType().Name.ToLowerInvariant()}";

    private void Import(ReadOnlySpan<object> imports)
    {
        for (var i = 0; i < imports.Length; i++)
        {
            var import = _definition.Imports[i];
            switch (import.Kind)
            {
                case ExternKind.Func:
                    var function = imports[i] as Function ?? Bind(import, imports[i]);
                    _instance.SetImportedFunction(import.Index, function);
                    InstanceClass.Bind(_instance, ExternKind.Func, import.Index, function);
                    break;
                case ExternKind.Table:
                    Set(_instance.Tables, ExternKind.Table, import.Index, (Table)imports[i]);
                    break;
                case ExternKind.Global:
                    Set(_instance.Globals, ExternKind.Global, import.Index, (Global)imports[i]);
                    break;
                case ExternKind.Tag:
                    Set(_instance.Tags, ExternKind.Tag, import.Index, (Tag)imports[i]);
                    break;
            }
        }
    }

    private Function Bind(Import import, object definition)
    {
        if (definition is OwnFunction own)
            return _instance.FunctionAt(own.Index);
        var type = _module.Types.FunctionTypes[import.Index];
        var name = $"{HostileText.Printable(import.Module)}.{HostileText.Printable(import.Name)}";
        return definition is MissingFunction
            ? MissingFunction.Create(_instance, import, name, type)
            : Function.Bind(_store, type, (HostDefinition)definition, name, _instance, import.Index);
    }

    /// <param name="image">What the instance begins with; null if its segments are to be copied.</param>
    private void Allocate(InstanceImage? image = null)
    {
        // Calls between functions pass results in slots, whatever functions these are.
        foreach (var type in _module.Types.Types)
        {
            if (type.Func is { } function)
                _store.Context.EnsureSlots(function);
        }

        _instance.Code.EnsureStops(_store.Context);
        for (var i = 0; i < _definition.Tags.Count; i++)
        {
            if (!_definition.Tags[i].IsImported)
                Set(_instance.Tags, ExternKind.Tag, i, new Tag(_store, _module.Types.TagTypes[i]));
        }

        for (var i = 0; i < _definition.Globals.Count; i++)
        {
            if (_definition.Globals[i].Initializer is { } initializer)
                Set(_instance.Globals, ExternKind.Global, i, new Global(_store, _module.Types.GlobalTypes[i], Evaluate(initializer)));
        }

        for (var i = 0; i < _definition.Tables.Count; i++)
        {
            var table = _definition.Tables[i];
            if (table.IsImported)
                continue;
            var initial = table.Initializer is { } initializer ? Evaluate(initializer).Reference : null;
            Set(_instance.Tables, ExternKind.Table, i, new Table(_store, _module.Types.TableTypes[i], initial, isCounted: true));
        }

        _instance.Elements = [.. _definition.Elements.Select((segment, i) => new ElementInstance(image?.HasElements(i) == false ? [] : Elements(segment)))];
        _instance.Data = [.. _definition.Data.Select((segment, i) => new DataInstance(image?.HasData(i) == false ? default : Bytes(segment)))];
    }

    private ReadOnlyMemory<byte> Bytes(DataSegment segment) => _definition.Bytes.Slice(segment.Data.Offset, segment.Data.Length);

    private object?[] Elements(ElementSegment segment) => segment.Functions is { } functions
        ? Array.ConvertAll(functions, index => (object?)_instance.FunctionAt(index))
        : Array.ConvertAll(segment.Expressions!, expression => Evaluate(expression).Reference);

    /// <summary>
    /// Copies active segments, element segments first. Active and declarative segments are dropped. What was written stays if it traps.
    /// </summary>
    private void Initialize()
    {
        for (var i = 0; i < _definition.Elements.Count; i++)
        {
            var segment = _definition.Elements[i];
            var elements = _instance.Elements[i];
            if (segment.Mode == SegmentMode.Active)
                TableOperations.Init(null, _instance.Tables[segment.TableIndex], elements, Address(segment.Start!.Value), 0, (uint)segment.Count);
            if (segment.Mode != SegmentMode.Passive)
                elements.Drop();
        }

        for (var i = 0; i < _definition.Data.Count; i++)
        {
            var segment = _definition.Data[i];
            if (segment.Mode != SegmentMode.Active)
                continue;
            var (memory, data) = (_instance.Memories[segment.MemoryIndex], _instance.Data[i]);
            MemoryOperations.Init(null, memory, data, Address(segment.Start!.Value), 0, (uint)segment.Data.Length);
            data.Drop();
        }
    }

    private Value Evaluate(ByteRange expression) => ConstantExpression.Evaluate(_instance, expression);

    /// <summary>An offset: an i32 or i64, without sign.</summary>
    private ulong Address(ByteRange expression) => Evaluate(expression).Bits;

    private void Set<T>(T[] items, ExternKind kind, int index, T item)
        where T : class
    {
        items[index] = item;
        InstanceClass.Bind(_instance, kind, index, item);
    }
}
