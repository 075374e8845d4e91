using System.Runtime.CompilerServices;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>The class of each structure and array type of an engine, as long as there is one. Safe for use by several threads.</summary>
/// <remarks>
/// It keeps no class. Objects keep theirs, and modules those that their code uses. The type does not: classes go only with the assembly that they share, and what a
/// class keeps would keep classes of other assemblies, and these what else is there, without end.
/// </remarks>
internal sealed class AggregateClassTable
{
    private readonly ConditionalWeakTable<DefinedType, WeakReference<AggregateClass>> _classes = [];
    private readonly Lock _lock = new();

    /// <summary>The class of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="make">Makes the class if there is none; it may ask for those of other types.</param>
    public AggregateClass GetOrMake(DefinedType type, Func<DefinedType, AggregateClass> make)
    {
        lock (_lock)
        {
            if (_classes.TryGetValue(type, out var reference) && reference.TryGetTarget(out var found))
                return found;
            found = make(type);
            _classes.AddOrUpdate(type, new WeakReference<AggregateClass>(found, trackResurrection: true));
            return found;
        }
    }
}
