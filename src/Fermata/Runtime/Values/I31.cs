using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Fermata.Runtime;

namespace Fermata;

/// <summary>A 31-bit integer as a reference: what an <c>i31ref</c> refers to.</summary>
/// <remarks>
/// WebAssembly 3.0, section 2.3.4 "Heap Types". Two of the same value are one reference to WebAssembly, and equal to .NET, but not always the
/// same object.
/// </remarks>
public sealed class I31 : IEquatable<I31>
{
    private const int FirstShared = -128;
    private const int SharedCount = 1152;

    private static readonly I31[] Shared = CreateShared();

    private readonly int _value;

    private I31(int value) => _value = value;

    /// <summary>The value with sign, from -0x40000000 to 0x3FFFFFFF.</summary>
    public int Signed => _value;

    /// <summary>The value without sign, from 0 to 0x7FFFFFFF.</summary>
    public int Unsigned => _value & int.MaxValue;

    /// <summary>A reference to the low 31 bits of an integer, as <c>ref.i31</c> makes it.</summary>
    public static I31 From(int value)
    {
        value = value << 1 >> 1;
        return FindShared(value) ?? new I31(value);
    }

    /// <summary>As <see cref="From(int)"/>, for code of a store, where the object counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static I31 From(int value, StoreContext context)
    {
        value = value << 1 >> 1;
        return FindShared(value) ?? New(value, context);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static I31? FindShared(int value)
    {
        var index = (uint)(value - FirstShared);
        var shared = Shared;
        return index < (uint)shared.Length ? shared[index] : null;
    }

    private static I31 New(int value, StoreContext context)
    {
        const int Bytes = 24;
        var integer = new I31(value);
        context.CountObject(integer, Bytes);
        return integer;
    }

    /// <summary>Whether the other refers to the same value.</summary>
    public bool Equals([NotNullWhen(true)] I31? other) => other is not null && other._value == _value;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as I31);

    /// <inheritdoc/>
    public override int GetHashCode() => _value;

    /// <summary>The value with sign, in decimal.</summary>
    public override string ToString() => _value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Makes the shared objects, so that code that is compiled later finds them.</summary>
    internal static void Prepare() => RuntimeHelpers.RunClassConstructor(typeof(I31).TypeHandle);

    private static I31[] CreateShared()
    {
        var shared = new I31[SharedCount];
        for (var i = 0; i < shared.Length; i++)
            shared[i] = new I31(i + FirstShared);
        return shared;
    }
}
