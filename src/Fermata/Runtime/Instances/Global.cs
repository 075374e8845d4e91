using System.Runtime.Intrinsics;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata;

/// <summary>A global variable or constant of a store.</summary>
/// <remarks>WebAssembly 3.0, section 4.2.10 "Global Instances".</remarks>
public sealed class Global
{
    /// <summary>A number, zero-extended from its width.</summary>
    internal ulong Bits;

    internal object? Reference;

    internal Vector128<byte> Vector;

    /// <summary>Makes a global, to be given to a module as an import.</summary>
    /// <param name="store">The store in which it lives.</param>
    /// <param name="type">Its type.</param>
    /// <param name="value">Its value at the start.</param>
    /// <exception cref="ArgumentException">The value does not have the type.</exception>
    /// <exception cref="InvalidOperationException">The type refers to one of a module that is gone (<see cref="HeapType"/>).</exception>
    public Global(Store store, GlobalType type, Value value)
        : this(store, type) => Assign(value);

    /// <summary>Makes a global whose value is zero or null until code has stored the one from its initializer.</summary>
    internal Global(Store store, GlobalType type)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(type);
        Store = store;
        Type = type;
        Definition = store.Engine.Types.Definition(type.Type);
    }

    /// <summary>The type of the global.</summary>
    public GlobalType Type { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">It is set, and the global is immutable.</exception>
    /// <exception cref="ArgumentException">It is set to a value of another type.</exception>
    public Value Value
    {
        get => Type.Type.Kind switch
        {
            ValKind.I32 or ValKind.F32 => new(Type.Type, (uint)Bits, 0, null),
            ValKind.V128 => Value.FromV128(Vector),
            _ => new(Type.Type, Bits, 0, Reference),
        };
        set
        {
            if (!Type.IsMutable)
                throw new InvalidOperationException($"the global is immutable: {Type}");
            Assign(value);
        }
    }

    /// <summary>The value as a .NET type, as <see cref="Value.As"/> gives it.</summary>
    /// <typeparam name="T">The .NET type, for instance <see cref="int"/> for i32, or a class for a reference.</typeparam>
    /// <exception cref="InvalidOperationException">The global has another WebAssembly type.</exception>
    /// <exception cref="InvalidCastException">The value is a reference to an object of another class.</exception>
    public T? Get<T>() => Value.As<T>();

    /// <summary>Sets the value.</summary>
    /// <param name="value">A value of the .NET type that <see cref="Get"/> gives.</param>
    /// <typeparam name="T">The .NET type.</typeparam>
    /// <exception cref="InvalidOperationException">The global is immutable.</exception>
    /// <exception cref="ArgumentException">The value does not have the type of the global.</exception>
    public void Set<T>(T value) => Value = Value.From(value, Type.Type);

    internal Store Store { get; }

    /// <summary>Sets a reference.</summary>
    /// <exception cref="ArgumentException">It does not have the type.</exception>
    internal void Restore(object? reference)
    {
        if (!ReferenceTyping.Matches(reference, Type.Type, Store))
            throw new ArgumentException($"a global of type {Type.Type} cannot hold {ReferenceConversion.Describe(reference, Store)}", nameof(reference));
        Reference = reference;
    }

    /// <summary>What the value refers to, if that is a defined type; kept, as <see cref="Type"/> has only its identity.</summary>
    internal DefinedType? Definition { get; }

    private void Assign(Value value)
    {
        var type = Type.Type;
        if (!ReferenceTyping.Matches(value, type, Store))
            throw new ArgumentException($"a global of type {type} cannot hold {ReferenceConversion.Describe(value, Store)}", nameof(value));

        Bits = value.Bits;
        Reference = value.Reference;
        Vector = Vector128.Create(value.Bits, value.HighBits).AsByte();
    }
}
