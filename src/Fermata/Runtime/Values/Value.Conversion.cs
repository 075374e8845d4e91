using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fermata.Runtime;

namespace Fermata;

public readonly partial struct Value
{
    /// <summary>
    /// The value as a .NET type: <see cref="int"/> or <see cref="uint"/> for i32, <see cref="long"/> or <see cref="ulong"/> for i64, <see cref="float"/>,
    /// <see cref="double"/>, <c>Vector128&lt;byte&gt;</c> for v128, and a class for a reference of any type, whose null is null.
    /// </summary>
    /// <typeparam name="T">The .NET type.</typeparam>
    /// <exception cref="InvalidOperationException">The value has another WebAssembly type.</exception>
    /// <exception cref="InvalidCastException">The value is a reference to an object of another class.</exception>
    public T? As<T>()
    {
        if (typeof(T) == typeof(int) || typeof(T) == typeof(uint))
            return Unsafe.BitCast<int, T>(AsI32());
        if (typeof(T) == typeof(long) || typeof(T) == typeof(ulong))
            return Unsafe.BitCast<long, T>(AsI64());
        if (typeof(T) == typeof(float))
            return Unsafe.BitCast<float, T>(AsF32());
        if (typeof(T) == typeof(double))
            return Unsafe.BitCast<double, T>(AsF64());
        if (typeof(T) == typeof(Vector128<byte>))
            return Unsafe.BitCast<Vector128<byte>, T>(AsV128());
        if (typeof(T).IsValueType)
            throw new InvalidOperationException($"{typeof(T)} has no WebAssembly type. {NaturalValType.Supported}");
        return AsRef() switch
        {
            null => default,
            T reference => reference,
            var other => throw new InvalidCastException($"the value refers to a {other.GetType()}, not to a {typeof(T)}"),
        };
    }

    /// <summary>A .NET value as one of WebAssembly.</summary>
    /// <param name="value">A number, a vector or an object.</param>
    /// <param name="type">The type that is wanted. A reference gets it whatever it refers to; a number has its own.</param>
    /// <exception cref="ArgumentException">There is no WebAssembly type for the .NET type.</exception>
    internal static Value From<T>(T value, ValType type)
    {
        if (typeof(T) == typeof(int) || typeof(T) == typeof(uint))
            return FromI32(Unsafe.BitCast<T, int>(value));
        if (typeof(T) == typeof(long) || typeof(T) == typeof(ulong))
            return FromI64(Unsafe.BitCast<T, long>(value));
        if (typeof(T) == typeof(float))
            return FromF32(Unsafe.BitCast<T, float>(value));
        if (typeof(T) == typeof(double))
            return FromF64(Unsafe.BitCast<T, double>(value));
        if (typeof(T) == typeof(Vector128<byte>))
            return FromV128(Unsafe.BitCast<T, Vector128<byte>>(value));
        if (typeof(T).IsValueType)
            throw new ArgumentException($"{typeof(T)} has no WebAssembly type. {NaturalValType.Supported}", nameof(value));
        return new Value(type.IsRef ? type : ValType.ExternRef, 0, 0, value);
    }
}
