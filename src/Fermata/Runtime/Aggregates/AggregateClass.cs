using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>The .NET type whose objects are the structures or arrays of a defined type.</summary>
internal abstract class AggregateClass
{
    private static readonly ConditionalWeakTable<Type, AggregateClass> ByType = [];

    protected AggregateClass(TypeRegistry registry, DefinedType definition, Type type)
    {
        Registry = registry;
        Definition = definition;
        Type = type;
        ByType.Add(type, this);
    }

    /// <summary>The registry of the engine that the type belongs to.</summary>
    public TypeRegistry Registry { get; }

    public DefinedType Definition { get; }

    /// <summary>The type of the objects.</summary>
    public Type Type { get; }

    /// <summary>The class of an object; null if it is no structure or array of any engine.</summary>
    public static AggregateClass? Find(object value) => TryFind(value.GetType(), out var found) ? found : null;

    public static bool TryFind(Type type, [NotNullWhen(true)] out AggregateClass? found) => ByType.TryGetValue(type, out found);
}
