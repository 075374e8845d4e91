using System.Numerics;
using System.Runtime.CompilerServices;
using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>Texts and numbers are equal by value, Python's objects by identity, and so are all others: no code of an object's own runs.</summary>
internal sealed class HostEquality : IEqualityComparer<object>
{
    public static HostEquality Instance { get; } = new();

    public static bool AreEqual(object? left, object? right) => HostConversion.IsNull(left) ? HostConversion.IsNull(right) : !HostConversion.IsNull(right) && Instance.Equals(left, right);

    public new bool Equals(object? left, object? right) => (left, right) switch
    {
        (PythonObject a, PythonObject b) => a.Pointer == b.Pointer,
        _ when ReferenceEquals(left, right) => true,
        (IConvertible or BigInteger, IConvertible or BigInteger) => left!.Equals(right) || HostConversion.AreEqualNumbers(left, right!),
        _ => false,
    };

    public int GetHashCode(object value) => value switch
    {
        string text => text.GetHashCode(StringComparison.Ordinal),
        PythonObject python => python.Pointer,
        IConvertible or BigInteger => HostConversion.HashOfNumber(value),
        _ => RuntimeHelpers.GetHashCode(value),
    };
}
