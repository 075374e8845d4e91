using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>The numbers that a snapshot has for the modules, instances and other things of a store, and what they are called in messages.</summary>
internal sealed class SnapshotNames
{
    private readonly Store _store;
    private readonly Dictionary<DefinedType, (int Module, int Type)> _types = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _modules = [];

    public SnapshotNames(Store store)
    {
        _store = store;
        foreach (var instance in Instances)
            Add(instance.Module);
    }

    /// <summary>The instances, by their numbers.</summary>
    public IReadOnlyList<Instance> Instances => _store.Instances;

    public List<Module> Modules { get; } = [];

    /// <summary>The memories, tables, globals and tags, each in the order in which instances have them.</summary>
    public SnapshotNumbers<Memory> Memories { get; } = new();

    public SnapshotNumbers<Table> Tables { get; } = new();

    public SnapshotNumbers<Global> Globals { get; } = new();

    public SnapshotNumbers<Tag> Tags { get; } = new();

    public static string Describe(Instance instance) => $"instance {instance.Number}" + (instance.Module.Name is { } name ? $" ({HostileText.Printable(name)})" : "");

    /// <summary>The number of an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="place">Where it is referred to, for the message.</param>
    public int Of(Instance instance, Place place)
    {
        if (instance.Store == _store && instance.Number >= 0)
            return instance.Number;
        var whose = instance.Number < 0 ? "a cast of a function pointer (EngineOptions.AllowsFunctionPointerCasts)" : Describe(instance) + ", which belongs to another store";
        throw new NotSupportedException($"A snapshot cannot have {place}: it is of {whose}.");
    }

    /// <summary>The number of a module.</summary>
    public int Of(Module module) => _modules[Key(module)];

    /// <summary>A module that has a defined type, and its index there.</summary>
    /// <param name="type">The type.</param>
    /// <param name="place">Where it is needed, for the message.</param>
    public (int Module, int Type) Of(DefinedType type, Place place) => _types.TryGetValue(type, out var name) ? name
        : throw new NotSupportedException($"A snapshot cannot have {place}: it is of a type that no module in the store has.");

    private static string Key(Module module) => Convert.ToHexString(module.FrameFingerprint);

    private void Add(Module module)
    {
        if (!_modules.TryAdd(Key(module), Modules.Count))
            return;
        foreach (var (index, type) in module.Types.Types.Index())
            _types.TryAdd(type, (Modules.Count, index));
        Modules.Add(module);
    }
}
