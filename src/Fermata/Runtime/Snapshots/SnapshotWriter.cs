using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Fermata.Runtime;

/// <summary>Writes a store that does not run. The turn is held.</summary>
internal sealed partial class SnapshotWriter
{
    private readonly Store _store;
    private readonly SnapshotOutput _output;
    private readonly SnapshotNames _names;
    private readonly SnapshotPages? _pages;
    private readonly ReferenceWriter _references;

    /// <summary>The calls that have not ended: asked for before the number of the newest one, as those that have not started get numbers by that.</summary>
    private readonly List<Fiber> _calls;

    private SnapshotWriter(Store store, SnapshotOutput output, SnapshotOptions options)
    {
        _store = store;
        _output = output;
        _names = new SnapshotNames(store);
        _pages = options.Pages;
        _calls = store.Scheduler.Fibers();
        _references = new ReferenceWriter(output, _names, options.Codecs);
    }

    /// <summary>Writes a snapshot.</summary>
    /// <exception cref="NotSupportedException">A snapshot cannot have something of the store.</exception>
    public static void Write(Store store, Stream stream, SnapshotOptions options)
    {
        using var output = new SnapshotOutput(stream, options.Compression);
        new SnapshotWriter(store, output, options).Write();
        output.Complete();
    }

    private void Write()
    {
        _output.Bytes(_store.Id.ToByteArray());
        _output.Signed(_store.Fuel);
        _output.Number(_store.Scheduler.LastId);
        _output.Bool(_pages is not null);
        WriteData();
        WriteModules();
        WriteInstances();
        WriteValues();
        WriteCalls();
        _references.WriteContents();
        WriteMemories();
    }

    private void WriteData()
    {
        var data = _store.SnapshotData.OrderBy(static data => data.SnapshotName, StringComparer.Ordinal).ToList();
        _output.Number(data.Count);
        for (var i = 0; i < data.Count; i++)
        {
            var (name, bytes) = (data[i].SnapshotName, data[i].ToSnapshot());
            if (i > 0 && data[i - 1].SnapshotName == name)
                throw new NotSupportedException($"A snapshot cannot have two data of the name '{name}' (Store.SetData).");
            if (bytes.Length > SnapshotInput.MostData)
                throw new NotSupportedException($"A snapshot cannot have the data '{name}' (Store.SetData): it has {bytes.Length} bytes, and {SnapshotInput.MostData} are possible.");
            _output.Text(name);
            _output.Data(bytes.Span);
        }
    }

    private void WriteModules()
    {
        _output.Number(_names.Modules.Count);
        foreach (var module in _names.Modules)
        {
            _output.Text(module.Name);
            _output.Bytes(module.Hash);
            _output.Bytes(module.FrameFingerprint);
        }
    }

    private void WriteInstances()
    {
        _output.Number(_names.Instances.Count);
        foreach (var instance in _names.Instances)
            WriteInstance(instance);
        WriteHostTag();
    }

    /// <summary>The tag of exceptions that are not from WebAssembly, if an instance has it.</summary>
    private void WriteHostTag()
    {
        var index = _names.Tags.All.FindIndex(_store.IsHostExceptionTag);
        _output.Number(index + 1);
    }

    private void WriteInstance(Instance instance)
    {
        var place = new Place(SnapshotNames.Describe(instance));
        _output.Number(_names.Of(instance.Module));
        foreach (var import in instance.Module.Definition.Imports)
        {
            switch (import.Kind)
            {
                case ExternKind.Func:
                    WriteImportedFunction(instance, import.Index, place.Part("import", import.Index));
                    break;
                case ExternKind.Memory:
                    WriteImport(_names.Memories, instance.Memories[import.Index], memory => WriteType(memory, place));
                    break;
                case ExternKind.Table:
                    WriteImport(_names.Tables, instance.Tables[import.Index], table => WriteType(table, place));
                    break;
                case ExternKind.Global:
                    WriteImport(_names.Globals, instance.Globals[import.Index], global => WriteType(global, place));
                    break;
                default:
                    WriteImport(_names.Tags, instance.Tags[import.Index], tag => WriteType(tag, place));
                    break;
            }
        }

        foreach (var memory in instance.Memories.Where(_names.Memories.TryAdd))
            WriteSize(memory, place);
        foreach (var table in instance.Tables.Where(_names.Tables.TryAdd))
            _output.Number(table.Size);
        foreach (var global in instance.Globals)
            _names.Globals.TryAdd(global);
        foreach (var tag in instance.Tags)
            _names.Tags.TryAdd(tag);
    }

    /// <summary>A function that is imported: one of an instance, or what a linker has under the name.</summary>
    private void WriteImportedFunction(Instance instance, int index, Place place)
    {
        var function = instance.FunctionAt(index);
        var isOfLinker = function.Environment is HostFunction host && host.Instance == instance && host.Index == index;
        _output.Bool(isOfLinker);
        if (!isOfLinker)
            _references.WriteFunction(function, place);
    }

    /// <summary>The number of a thing that is imported, and what it is if no instance has it that came before: then the host has made it.</summary>
    private void WriteImport<T>(SnapshotNumbers<T> numbers, T thing, Action<T> writeType)
        where T : class
    {
        var isNew = numbers.TryAdd(thing);
        _output.Number(numbers.Of(thing));
        if (isNew)
            writeType(thing);
    }

    private void WriteSize(Memory memory, Place place)
    {
        if (!memory.IsOfOneStore)
            throw new NotSupportedException($"A snapshot cannot have a shared memory ({place}) that another store uses, or that the host has made: other threads change it meanwhile.");
        _output.Number(memory.PageCount);
    }

    private void WriteType(Memory memory, Place place)
    {
        var type = memory.Type;
        _output.Bool(type.Is64);
        WriteLimit(type.Limits.Max);
        WriteSize(memory, place);
    }

    private void WriteType(Table table, Place place)
    {
        var type = table.Type;
        _output.Bool(type.Is64);
        WriteLimit(type.Limits.Max);
        WriteType(type.Element, place.Part("table that the host made", -1));
        _output.Number(table.Size);
    }

    private void WriteType(Global global, Place place)
    {
        _output.Bool(global.Type.IsMutable);
        WriteType(global.Type.Type, place.Part("global that the host made", -1));
    }

    private void WriteType(Tag tag, Place place)
    {
        var types = tag.DefinedType.Func!.ParameterArray;
        _output.Number(types.Length);
        foreach (var type in types)
            WriteType(type, place.Part("tag that the host made", -1));
    }

    private void WriteLimit(ulong? limit)
    {
        _output.Bool(limit is not null);
        if (limit is { } value)
            _output.Number(value);
    }

    private void WriteType(ValType type, Place place)
    {
        _output.Byte((byte)type.Kind);
        if (!type.IsRef)
            return;
        _output.Bool(type.IsNullable);
        _output.Bool(type.Heap.IsDefined);
        if (!type.Heap.IsDefined)
        {
            _output.Signed(type.Heap.Number);
            return;
        }

        var (module, index) = _names.Of(_store.Engine.Types.Get(type.Heap.Number), place);
        _output.Number(module);
        _output.Number(index);
    }

    /// <summary>What globals, tables and segments hold.</summary>
    private void WriteValues()
    {
        foreach (var (index, global) in _names.Globals.All.Index())
            WriteValue(global, new Place("global", index));
        foreach (var (index, table) in _names.Tables.All.Index())
            _references.Write(table.Elements.AsSpan(0, table.Size), "element", new Place("table", index));
        foreach (var instance in _names.Instances)
        {
            foreach (var data in instance.Data)
                _output.Bool(!data.Bytes.IsEmpty);
            foreach (var (index, segment) in instance.Elements.Index())
            {
                _output.Bool(segment.Elements.Length > 0);
                _references.Write(segment.Elements, "element", new Place("element segment", index, new Place(SnapshotNames.Describe(instance))));
            }
        }
    }

    private void WriteValue(Global global, Place place)
    {
        switch (global.Type.Type.Kind)
        {
            case ValKind.Ref:
                _references.Write(global.Reference, place);
                break;
            case ValKind.V128:
                _output.Number(global.Vector.AsUInt64()[0]);
                _output.Number(global.Vector.AsUInt64()[1]);
                break;
            default:
                _output.Number(global.Bits);
                break;
        }
    }

    /// <summary>What memories hold, but for zeros.</summary>
    private void WriteMemories()
    {
        foreach (var memory in _names.Memories.All)
        {
            var last = 0ul;
            foreach (var (address, length) in MemoryImage.Runs(memory))
            {
                _output.Number((ulong)length / SnapshotFormat.UnitBytes);
                _output.Number((address - last) / SnapshotFormat.UnitBytes);
                WriteRun(memory.GetSpan(address, length));
                last = address + (ulong)length;
            }

            _output.Number(0);
        }
    }

    private void WriteRun(ReadOnlySpan<byte> run)
    {
        if (_pages is null)
        {
            _output.Bytes(run);
            return;
        }

        Span<byte> name = stackalloc byte[SnapshotPages.NameBytes];
        for (; !run.IsEmpty; run = run[SnapshotPages.PageBytes..])
        {
            var page = run[..SnapshotPages.PageBytes];
            SHA256.HashData(page, name);
            _pages.Add(name, page);
            _output.Bytes(name);
        }
    }
}
