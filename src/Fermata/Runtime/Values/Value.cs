using System.Runtime.Intrinsics;
using Fermata.Runtime;

namespace Fermata;

/// <summary>A WebAssembly value with its type: a number, a vector or a reference.</summary>
/// <remarks>
/// WebAssembly 3.0, section 4.2.1 "Values". Two values are equal if their types and their bits are, so a NaN equals
/// itself and 0 differs from -0; references are equal if they are the same object. The default value has no type and fits nowhere.
/// </remarks>
public readonly partial struct Value : IEquatable<Value>
{
    /// <summary>A value as the engine keeps it; bits beyond the type's width are zero.</summary>
    internal Value(ValType type, ulong bits, ulong highBits, object? reference)
    {
        Type = type;
        Bits = bits;
        HighBits = highBits;
        Reference = reference;
    }

    /// <summary>The type of the value.</summary>
    public ValType Type { get; }

    /// <summary>A number, or the low half of a vector.</summary>
    internal ulong Bits { get; }

    /// <summary>The high half of a vector.</summary>
    internal ulong HighBits { get; }

    internal object? Reference { get; }

    /// <summary>A 32-bit integer; WebAssembly does not say whether it is signed.</summary>
    public static Value FromI32(int value) => new(ValType.I32, (uint)value, 0, null);

    /// <summary>A 64-bit integer; WebAssembly does not say whether it is signed.</summary>
    public static Value FromI64(long value) => new(ValType.I64, (ulong)value, 0, null);

    /// <summary>A 32-bit floating-point number, the bits of a NaN included.</summary>
    public static Value FromF32(float value) => new(ValType.F32, BitConverter.SingleToUInt32Bits(value), 0, null);

    /// <summary>A 64-bit floating-point number, the bits of a NaN included.</summary>
    public static Value FromF64(double value) => new(ValType.F64, BitConverter.DoubleToUInt64Bits(value), 0, null);

    /// <summary>A 128-bit vector; byte 0 is the one at the lowest address in memory.</summary>
    public static Value FromV128(Vector128<byte> value) => new(ValType.V128, value.AsUInt64()[0], value.AsUInt64()[1], null);

    /// <summary>A reference of the given type.</summary>
    /// <param name="reference">The object, or null.</param>
    /// <param name="type">A reference type.</param>
    /// <exception cref="ArgumentException">The type is no reference type, or the object does not have it.</exception>
    public static Value FromRef(object? reference, ValType type)
    {
        if (!type.IsRef)
            throw new ArgumentException($"{type} is not a reference type", nameof(type));
        if (!ReferenceTyping.Matches(reference, type))
            throw new ArgumentException($"{DescribeReference(reference)} is not a {type}", nameof(reference));
        return new(type, 0, 0, reference);
    }

    /// <summary>An object of the host, or null, as an <c>externref</c>. A task is an object as any other: nothing waits for it.</summary>
    public static Value FromExternRef(object? reference) => new(ValType.ExternRef, 0, 0, reference);

    /// <summary>A function, or null, as a <c>funcref</c>.</summary>
    public static Value FromFuncRef(Function? function) => new(ValType.FuncRef, 0, 0, function);

    /// <summary>The null of a reference type.</summary>
    /// <exception cref="ArgumentException">The type has no null.</exception>
    public static Value NullRef(ValType type) => FromRef(null, type);

    /// <summary>The same as <see cref="FromI32"/>.</summary>
    public static implicit operator Value(int value) => FromI32(value);

    /// <summary>The same as <see cref="FromI64"/>.</summary>
    public static implicit operator Value(long value) => FromI64(value);

    /// <summary>The same as <see cref="FromF32"/>.</summary>
    public static implicit operator Value(float value) => FromF32(value);

    /// <summary>The same as <see cref="FromF64"/>.</summary>
    public static implicit operator Value(double value) => FromF64(value);

    /// <summary>The value of an <c>i32</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public int AsI32() => (int)Require(ValType.I32).Bits;

    /// <summary>The value of an <c>i64</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public long AsI64() => (long)Require(ValType.I64).Bits;

    /// <summary>The value of an <c>f32</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public float AsF32() => BitConverter.UInt32BitsToSingle((uint)Require(ValType.F32).Bits);

    /// <summary>The value of an <c>f64</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public double AsF64() => BitConverter.UInt64BitsToDouble(Require(ValType.F64).Bits);

    /// <summary>The value of a <c>v128</c>.</summary>
    /// <exception cref="InvalidOperationException">The value has another type.</exception>
    public Vector128<byte> AsV128() => Vector128.Create(Require(ValType.V128).Bits, HighBits).AsByte();

    /// <summary>The object of a reference of any type; null for a null reference.</summary>
    /// <exception cref="InvalidOperationException">The value is no reference.</exception>
    public object? AsRef() => Type.IsRef ? Reference : throw WrongType("a reference");

    /// <summary>Whether types and bits are equal, or types and references.</summary>
    public bool Equals(Value other) =>
        Type == other.Type && Bits == other.Bits && HighBits == other.HighBits && ReferenceEquals(Reference, other.Reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Type, Bits, HighBits, System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Reference));

    /// <summary>Whether types and bits are equal, or types and references.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Whether types, bits or references differ.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    private Value Require(ValType type) => Type == type ? this : throw WrongType($"of type {type}");

    private InvalidOperationException WrongType(string wanted) =>
        new(Type == default ? $"the value is not {wanted}: it has no type" : $"the value is not {wanted} but {this}");
}
