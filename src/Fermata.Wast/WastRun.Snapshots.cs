using System.IO.Compression;
using Fermata.Runtime;

namespace Fermata.Wast;

/// <summary>Calls that stop again and again: their store is written as a snapshot, and they go on in one that is made of it.</summary>
internal sealed partial class WastRun
{
    /// <summary>How often a call stops at most, at the first places where it can; then it runs to its end.</summary>
    private const int MostPauses = 12;

    private const string CallKey = "call";

    private static readonly ReferenceCodec[] Codecs =
        [ReferenceCodec.For<HostReference>("host", reference => BitConverter.GetBytes(reference.Number), data => new HostReference(BitConverter.ToUInt32(data)))];

    private readonly List<(string ModuleName, Instance Instance)> _registered = [];

    /// <summary>Counts the snapshots that calls go through; null if they go through none.</summary>
    public SnapshotCounts? Snapshots { get; init; }

    private Value[] InvokeWithSnapshots(SnapshotCounts counts, Function function, Value[] arguments)
    {
        counts.Calls++;
        if (function.Environment is HostFunction)
        {
            counts.Refuse("a function of the host was called");
            return function.Invoke(arguments);
        }

        _store.Scheduler.PausesNext = true;
        var task = function.InvokeAsync(CallKey, arguments);
        var pauses = 0;
        while (!task.IsCompleted)
        {
            if (TryMove(counts) is not { } restored)
            {
                _store.Scheduler.EndPauses();
                return task.GetAwaiter().GetResult();
            }

            task = restored.Call(CallKey).Task;
            _store.Scheduler.PausesNext = ++pauses < MostPauses;
            restored.Resume();
        }

        _store.Scheduler.PausesNext = false;
        try
        {
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            // What is between calls can be saved too.
            if (pauses == 0)
                TryMove(counts);
        }
    }

    /// <summary>Goes on in a store that is made of a snapshot of this one.</summary>
    /// <returns>The new store; null if a snapshot cannot have what is in this one, which is counted.</returns>
    private RestoredStore? TryMove(SnapshotCounts counts)
    {
        using var stream = new MemoryStream();
        try
        {
            _store.Snapshot(stream, new SnapshotOptions { Codecs = Codecs, Compression = CompressionLevel.NoCompression });
        }
        catch (NotSupportedException e)
        {
            counts.Refuse(FirstLine(e.Message));
            return null;
        }

        stream.Position = 0;
        var modules = _store.Instances.Select(instance => instance.Module).Distinct().ToList();
        var linker = NewLinker();
        var restored = Store.Restore(_engine, stream, linker, new RestoreOptions { Modules = modules, Codecs = Codecs });
        counts.Snapshots++;
        Move(restored, linker);
        return restored;
    }

    /// <summary>Takes the things of a restored store for those of the present one, which is disposed.</summary>
    private void Move(RestoredStore restored, Linker linker)
    {
        var old = _store;
        (_store, _linker) = (restored.Store, linker);
        DefineSpectest(name => Moved(_spectest[name], old.Instances, restored.Instances));
        for (var i = 0; i < _registered.Count; i++)
        {
            _registered[i] = (_registered[i].ModuleName, Moved(_registered[i].Instance, old, restored));
            linker.DefineInstance(_registered[i].ModuleName, _registered[i].Instance);
        }

        _lastInstance = Moved(_lastInstance, old, restored);
        foreach (var name in _instances.Keys)
            _instances[name] = Moved(_instances[name], old, restored);
        old.Dispose();
    }

    private static Defined<Instance> Moved(Defined<Instance> defined, Store old, RestoredStore restored) =>
        defined.Thing is { } instance ? defined with { Thing = Moved(instance, old, restored) } : defined;

    /// <summary>What stands for an instance from now on. A thread has some of another store, which stay.</summary>
    private static Instance Moved(Instance instance, Store old, RestoredStore restored) => instance.Store == old ? restored.Instances[instance.Number] : instance;

    /// <summary>What a restored store has for a thing of the host that instances import; null if none does, so that it is as it was made.</summary>
    private static object? Moved(object thing, IReadOnlyList<Instance> from, IReadOnlyList<Instance> to)
    {
        foreach (var (number, instance) in from.Index())
        {
            if (Array.IndexOf(instance.Memories, thing) is >= 0 and var memory)
                return to[number].Memories[memory];
            if (Array.IndexOf(instance.Tables, thing) is >= 0 and var table)
                return to[number].Tables[table];
            if (Array.IndexOf(instance.Globals, thing) is >= 0 and var global)
                return to[number].Globals[global];
        }

        return null;
    }
}
