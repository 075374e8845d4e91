using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>Makes a store of a snapshot, which is not trusted. The turn is held.</summary>
internal sealed partial class SnapshotReader
{
    /// <summary>How much of a memory is read in one go.</summary>
    private const int MostRun = 1 << 20;

    private readonly Store _store;
    private readonly SnapshotInput _input;
    private readonly Linker _linker;
    private readonly RestoreOptions _options;
    private readonly List<Module> _modules = [];
    private readonly List<Instance> _instances = [];
    private readonly SnapshotNumbers<Memory> _memories = new();
    private readonly SnapshotNumbers<Table> _tables = new();
    private readonly SnapshotNumbers<Global> _globals = new();
    private readonly SnapshotNumbers<Tag> _tags = new();
    private readonly ReferenceReader _references;
    private SnapshotPages? _pages;

    private SnapshotReader(Store store, SnapshotInput input, Linker linker, RestoreOptions options)
    {
        _store = store;
        _input = input;
        _linker = linker;
        _options = options;
        _references = new ReferenceReader(input, store, _modules, _instances, _tags.All, options.Codecs);
    }

    /// <summary>Reads a snapshot into a new store.</summary>
    /// <exception cref="SnapshotException">It is damaged, or is not of these modules and options.</exception>
    public static RestoredStore Read(Store store, Stream stream, Linker linker, RestoreOptions options)
    {
        try
        {
            using var input = new SnapshotInput(stream);
            return new SnapshotReader(store, input, linker, options).Read();
        }
        catch (TrapException exception)
        {
            throw new SnapshotException($"The snapshot cannot be restored: {exception.Message}", exception);
        }
    }

    private RestoredStore Read()
    {
        var head = SnapshotHead.Read(_input);
        _store.Id = head.StoreId;
        _store.Fuel = head.Fuel;
        _store.Scheduler.LastId = head.LastId;
        if (head.HasPagesApart)
            _pages = _options.Pages ?? throw new SnapshotException("The snapshot only names the pages of its memories. RestoreOptions.Pages has to have them.");
        FindModules(head);
        ReadInstances();
        ReadValues();
        var calls = ReadCalls();
        _references.ReadContents();
        foreach (var memory in _memories.All)
            ReadMemory(memory);
        _input.End();
        return new RestoredStore(_store, _instances, calls, head.Data);
    }

    private void FindModules(SnapshotHead head)
    {
        var known = new Dictionary<string, Module>();
        foreach (var module in _options.Modules)
            known.TryAdd(Convert.ToHexString(module.FrameFingerprint), module);
        foreach (var (module, fingerprint) in head.Modules)
            _modules.Add(known.GetValueOrDefault(Convert.ToHexString(fingerprint)) ?? throw NoModule(module));
    }

    private SnapshotException NoModule(SnapshotModule needed)
    {
        var module = $"the module {(needed.Name is { } name ? HostileText.Quoted(name) + " " : "")}with the SHA-256 {Convert.ToHexStringLower(needed.Hash.Span)}";
        return _options.Modules.Any(known => known.Hash.SequenceEqual(needed.Hash.Span))
            ? new SnapshotException($"The snapshot was made by another version of Fermata, or by an engine with other options: its frames of {module} are not those of this engine.")
            : new SnapshotException($"The snapshot needs {module}, which is not among RestoreOptions.Modules.");
    }

    private void ReadInstances()
    {
        var count = _input.Count(int.MaxValue, "instances");
        for (var i = 0; i < count; i++)
            ReadInstance(_modules[_input.Below(_modules.Count, "module")]);
        if (_input.Below(_tags.All.Count + 1, "tag") is not 0 and var tag)
            _store.HostExceptionTag = _tags.All[tag - 1];
    }

    private void ReadInstance(Module module)
    {
        var imports = _linker.Resolve(module);
        for (var i = 0; i < imports.Length; i++)
        {
            imports[i] = module.Definition.Imports[i] switch
            {
                { Kind: ExternKind.Func } => _input.Bool() ? OfLinker(imports[i]) : ReadImportedFunction(module),
                { Kind: ExternKind.Memory } => ReadImport(_memories, ReadNewMemory),
                { Kind: ExternKind.Table } => ReadImport(_tables, ReadNewTable),
                { Kind: ExternKind.Global } => ReadImport(_globals, ReadNewGlobal),
                _ => ReadImport(_tags, ReadNewTag),
            };
        }

        var instance = Instantiation.ForSnapshot(_store, module, imports);
        _instances.Add(instance);
        foreach (var memory in instance.Memories.Where(_memories.TryAdd))
            Grow(memory);
        foreach (var table in instance.Tables.Where(_tables.TryAdd))
            Grow(table);
        foreach (var global in instance.Globals)
            _globals.TryAdd(global);
        foreach (var tag in instance.Tags)
            _tags.TryAdd(tag);
    }

    /// <summary>What a linker has for a function; null if it has nothing that stores have no part in.</summary>
    private static object? OfLinker(object? definition) => definition is Function ? null : definition;

    private object ReadImportedFunction(Module module)
    {
        if ((ReferenceKind)_input.Byte() != ReferenceKind.Function)
            throw SnapshotInput.Damaged("it has no function where one belongs");
        var number = _input.Below(_instances.Count + 1, "instance");
        var definition = number == _instances.Count ? module.Definition : _instances[number].Module.Definition;
        var index = _input.Below(definition.Functions.Count, "function");
        if (number < _instances.Count)
            return _instances[number].FunctionAt(index);
        return index >= definition.ImportedFunctionCount ? new OwnFunction(index) : throw SnapshotInput.Damaged("an instance imports what it imports itself");
    }

    private T ReadImport<T>(SnapshotNumbers<T> things, Func<T> readNew)
        where T : class
    {
        var number = _input.Below(things.All.Count + 1, "thing that is imported");
        if (number == things.All.Count)
            things.TryAdd(readNew());
        return things.All[number];
    }

    private ulong? ReadLimit() => _input.Bool() ? _input.Number() : null;

    private Memory ReadNewMemory()
    {
        var is64 = _input.Bool();
        var limit = ReadLimit();
        var pages = _input.Number();
        return Refused(() => new Memory(_store, new MemoryType(new Limits(pages, limit), is64)));
    }

    private Table ReadNewTable()
    {
        var is64 = _input.Bool();
        var limit = ReadLimit();
        var element = ReadType();
        var size = _input.Count(Table.MaxLength, "elements of a table");
        if (!element.IsRef)
            throw SnapshotInput.Damaged("a table is of numbers");

        // Its elements come later, so that for now they may be null.
        var table = Refused(() => new Table(_store, new TableType(element, new Limits(0, limit), is64), initial: null, isCounted: false, mayBeNull: true));
        Resize(table, size);
        return table;
    }

    private Global ReadNewGlobal()
    {
        var isMutable = _input.Bool();
        return new Global(_store, new GlobalType(ReadType(), isMutable));
    }

    private Tag ReadNewTag()
    {
        var types = new ValType[_input.Count(ImplementationLimits.Parameters, "values of a tag")];
        for (var i = 0; i < types.Length; i++)
            types[i] = ReadType();
        return new Tag(_store, types);
    }

    private ValType ReadType() => (ValKind)_input.Byte() switch
    {
        ValKind.I32 => ValType.I32,
        ValKind.I64 => ValType.I64,
        ValKind.F32 => ValType.F32,
        ValKind.F64 => ValType.F64,
        ValKind.V128 => ValType.V128,
        ValKind.Ref => ValType.Ref(_input.Bool(), ReadHeapType()),
        _ => throw SnapshotInput.Damaged("a type is unknown"),
    };

    private HeapType ReadHeapType()
    {
        if (!_input.Bool())
            return HeapType.FromCode(_input.Signed()) ?? throw SnapshotInput.Damaged("a type is unknown");
        var module = _modules[_input.Below(_modules.Count, "module")];
        return HeapType.Defined(module.Types.Types[_input.Below(module.Types.Types.Length, "type")].Id);
    }

    private static T Refused<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException exception)
        {
            throw new SnapshotException($"The snapshot is damaged: it has what cannot be made. {exception.Message}", exception);
        }
    }

    private void Grow(Memory memory)
    {
        var pages = _input.Number();
        if (pages < memory.PageCount)
            throw SnapshotInput.Damaged("a memory is smaller than it was at first");
        if (memory.Grow(pages - memory.PageCount) < 0)
            throw new InsufficientMemoryException($"There is no room for a memory of {pages} pages of 64 KiB.");
    }

    private void Grow(Table table)
    {
        var size = _input.Count(Table.MaxLength, "elements of a table");
        if (size < table.Size)
            throw SnapshotInput.Damaged("a table is smaller than it was at first");
        Resize(table, size);
    }

    private static void Resize(Table table, int size)
    {
        if (table.TryGrow(context: null, (ulong)(size - table.Size), value: null) == ulong.MaxValue)
            throw new InsufficientMemoryException($"There is no room for a table of {size} elements.");
    }

    private void ReadValues()
    {
        foreach (var global in _globals.All)
            ReadValue(global);
        foreach (var table in _tables.All)
            _references.Read(table.Elements.AsSpan(0, table.Size), table.Type.Element);
        foreach (var instance in _instances)
        {
            foreach (var data in instance.Data)
            {
                if (!_input.Bool())
                    data.Drop();
            }

            foreach (var (index, segment) in instance.Elements.Index())
            {
                if (_input.Bool())
                    _references.Read(segment.Elements, instance.Module.Types.ElementTypes[index]);
                else
                    segment.Drop();
            }
        }
    }

    private void ReadValue(Global global)
    {
        switch (global.Type.Type.Kind)
        {
            case ValKind.Ref:
                global.Reference = _references.Read(global.Type.Type);
                break;
            case ValKind.V128:
                global.Vector = Vector128.Create(_input.Number(), _input.Number()).AsByte();
                global.Bits = global.Vector.AsUInt64()[0];
                break;
            case ValKind.I32 or ValKind.F32:
                global.Bits = _input.Small();
                break;
            default:
                global.Bits = _input.Number();
                break;
        }
    }

    private void ReadMemory(Memory memory)
    {
        const ulong unit = SnapshotFormat.UnitBytes;
        var end = 0ul;
        while (_input.Number() is not 0 and var units)
        {
            var skipped = _input.Number();
            var rest = (memory.Length - end) / unit;
            if (skipped > rest || units > rest - skipped)
                throw SnapshotInput.Damaged("it has more than fits into a memory");
            var address = end + (skipped * unit);
            end = address + (units * unit);
            for (; address < end; address += MostRun)
                ReadRun(memory.GetSpan(address, (int)Math.Min(end - address, MostRun)));
        }
    }

    private void ReadRun(Span<byte> run)
    {
        if (_pages is null)
        {
            _input.Bytes(run);
            return;
        }

        Span<byte> name = stackalloc byte[SnapshotPages.NameBytes], hash = stackalloc byte[SnapshotPages.NameBytes];
        for (; !run.IsEmpty; run = run[SnapshotPages.PageBytes..])
        {
            var page = run[..SnapshotPages.PageBytes];
            _input.Bytes(name);
            if (!_pages.TryRead(name, page))
                throw new SnapshotException($"The page {Convert.ToHexStringLower(name)} of the snapshot is not among RestoreOptions.Pages.");
            SHA256.HashData(page, hash);
            if (!hash.SequenceEqual(name))
                throw new SnapshotException($"The page {Convert.ToHexStringLower(name)} of the snapshot is damaged.");
        }
    }
}
