using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>What generated code calls to test references.</summary>
internal static class ReferenceOperations
{
    /// <summary><c>ref.eq</c> (section 4.6.9 "Reference Instructions"): the same object, or the same <c>i31</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreEqual(object? left, object? right) => ReferenceEquals(left, right) || (left is I31 integer && integer.Equals(right));

    /// <summary>Whether a reference is of type <c>eq</c>: not what a host's object that was converted from <c>extern</c> is.</summary>
    public static bool IsEq(object? reference) => reference is WasmStruct or I31 || IsArray(reference);

    /// <summary>Whether a reference is of type <c>array</c>: the host has arrays, too.</summary>
    public static bool IsArray(object? reference) => reference is Array && AggregateClass.Find(reference) is not null;

    /// <summary>Whether a reference is to an array of a defined type or of one below it. Types of other engines have other classes.</summary>
    /// <param name="reference">The reference, not null.</param>
    /// <param name="arrayType">The .NET type of the arrays (<see cref="AggregateClass.Type"/>).</param>
    public static bool IsArrayBelow(object reference, Type arrayType)
    {
        if (AggregateClass.Find(reference) is not { } actual || !AggregateClass.TryFind(arrayType, out var wanted))
            return false;
        return actual.Registry == wanted.Registry && actual.Definition.IsSubtypeOf(wanted.Definition);
    }

    /// <summary>Traps for a function of another store than the instance's.</summary>
    /// <returns>The reference, which may be null.</returns>
    public static object? RequireOwn(object? function, Instance instance)
    {
        if (function is not null && Unsafe.As<Function>(function).Context != instance.Context)
            Trap.ForeignFunction();
        return function;
    }

    /// <summary>Whether a function is of a defined type or of one below it (section 3.3.10 "Defined Types").</summary>
    public static bool IsFunctionOf(Function function, int typeId)
    {
        for (var type = function.DefinedType; type is not null; type = type.Supertype)
        {
            if (type.Id == typeId)
                return true;
        }

        return false;
    }
}
