using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>The numbers that a snapshot has for the modules, instances and other things of a store, and what they are called in messages.</summary>
internal sealed class SnapshotNames
{
    private readonly Dictionary<Instance, int> _instances = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DefinedType, (int Module, int Type)> _types = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _modules = [];

    public SnapshotNames(Store store)
    {
        foreach (var instance in store.Instances)
            Add(instance);
    }

    public List<Instance> Instances { get; } = [];

    public List<Module> Modules { get; } = [];

    /// <summary>The memories, tables, globals and tags, each in the order in which instances have them.</summary>
    public ThingNumbers<Memory> Memories { get; } = new();

    public ThingNumbers<Table> Tables { get; } = new();

    public ThingNumbers<Global> Globals { get; } = new();

    public ThingNumbers<Tag> Tags { get; } = new();

    public static string Describe(Instance instance) => $"instance {instance.Number}" + (instance.Module.Name is { } name ? $" ({HostileText.Printable(name)})" : "");

    /// <summary>The number of an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="place">Where it is referred to, for the message.</param>
    public int Of(Instance instance, Place place) => _instances.TryGetValue(instance, out var number) ? number
        : throw new NotSupportedException(
            $"A snapshot cannot have {place}: it is of {(instance.Number < 0 ? "a cast of a function pointer (EngineOptions.AllowsFunctionPointerCasts)" : Describe(instance) + ", which belongs to another store")}.");

    /// <summary>The number of a module.</summary>
    public int Of(Module module) => _modules[Key(module)];

    /// <summary>A module that has a defined type, and its index there.</summary>
    /// <param name="type">The type.</param>
    /// <param name="place">Where it is needed, for the message.</param>
    public (int Module, int Type) Of(DefinedType type, Place place) => _types.TryGetValue(type, out var name) ? name
        : throw new NotSupportedException($"A snapshot cannot have {place}: it is of a type that no module in the store has.");

    private static string Key(Module module) => Convert.ToHexString(module.FrameFingerprint);

    private void Add(Instance instance)
    {
        _instances.Add(instance, Instances.Count);
        Instances.Add(instance);
        if (!_modules.TryAdd(Key(instance.Module), Modules.Count))
            return;
        foreach (var (index, type) in instance.Module.Types.Types.Index())
            _types.TryAdd(type, (Modules.Count, index));
        Modules.Add(instance.Module);
    }

    /// <summary>Numbers for things of a kind, from 0.</summary>
    public sealed class ThingNumbers<T>
        where T : class
    {
        private readonly Dictionary<T, int> _numbers = new(ReferenceEqualityComparer.Instance);

        public List<T> All { get; } = [];

        public int Of(T thing) => _numbers[thing];

        /// <summary>Gives a thing a number if it has none.</summary>
        /// <returns>Whether it had none.</returns>
        public bool TryAdd(T thing)
        {
            if (!_numbers.TryAdd(thing, All.Count))
                return false;
            All.Add(thing);
            return true;
        }
    }
}
