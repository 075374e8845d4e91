using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Fermata.Structure;

namespace Fermata.Runtime;

/// <summary>The traps as methods for generated code to call.</summary>
/// <remarks>
/// A method that only throws is never inlined, and the JIT, because it sees that, takes the call for the end of the
/// path and moves it out of the hot code. Marking it as not to be inlined would hide the body from it.
/// </remarks>
internal static class Trap
{
    [DoesNotReturn]
    public static void Unreachable() => throw TrapException.Create(TrapKind.Unreachable);

    [DoesNotReturn]
    public static void OutOfBoundsMemoryAccess() => throw TrapException.Create(TrapKind.OutOfBoundsMemoryAccess);

    /// <param name="activation">The inlined activation that traps (<see cref="InlinedCalls"/>), of the function whose method is innermost.</param>
    [DoesNotReturn]
    public static void Unreachable(int activation) => throw TrapException.Create(TrapKind.Unreachable, activation: activation);

    /// <inheritdoc cref="OutOfBoundsMemoryAccess()"/>
    /// <inheritdoc cref="Unreachable(int)"/>
    [DoesNotReturn]
    public static void OutOfBoundsMemoryAccess(int activation) => throw TrapException.Create(TrapKind.OutOfBoundsMemoryAccess, activation: activation);

    [DoesNotReturn]
    public static void UnalignedAtomic() => throw TrapException.Create(TrapKind.UnalignedAtomic);

    [DoesNotReturn]
    public static void ExpectedSharedMemory() => throw TrapException.Create(TrapKind.ExpectedSharedMemory);

    [DoesNotReturn]
    public static void OutOfBoundsTableAccess() => throw TrapException.Create(TrapKind.OutOfBoundsTableAccess);

    /// <summary>A function is not of the type, given by its index, that an indirect call of the instance's module asks for.</summary>
    [DoesNotReturn]
    public static void IndirectCallTypeMismatch(Instance instance, int expected, Function found) => throw TrapException.Create(
        TrapKind.IndirectCallTypeMismatch,
        $"(expected {instance.Module.Describe(instance.Module.Types.Types[expected])}, "
        + $"found {HostileText.Quoted(found.Name)}, {instance.Module.Describe(found.DefinedType)})");

    /// <summary>
    /// An indirect call found null: uninitialized within the table, undefined beyond it. Elements beyond the end are null, so generated
    /// code that has loaded one within the capacity need not have compared the index with the size.
    /// </summary>
    /// <remarks>As the reference interpreter, which names the element that is not initialized.</remarks>
    [DoesNotReturn]
    public static void UndefinedOrUninitializedElement(Table table, ulong index) => throw (index < (uint)table.Size
        ? TrapException.Create(TrapKind.UninitializedElement, index.ToString(CultureInfo.InvariantCulture))
        : TrapException.Create(TrapKind.UndefinedElement));

    [DoesNotReturn]
    public static void IntegerDivideByZero() => throw TrapException.Create(TrapKind.IntegerDivideByZero);

    [DoesNotReturn]
    public static void IntegerOverflow() => throw TrapException.Create(TrapKind.IntegerOverflow);

    [DoesNotReturn]
    public static void StackExhausted() => throw TrapException.Create(TrapKind.StackExhausted);

    [DoesNotReturn]
    public static void TooManyNestedCalls(int most) => throw TrapException.Create(TrapKind.StackExhausted, $"(more than {most} calls inside one another)");

    [DoesNotReturn]
    public static void NullFunctionReference() => throw TrapException.Create(TrapKind.NullFunctionReference);

    [DoesNotReturn]
    public static void ForeignFunction() => throw TrapException.Create(TrapKind.ForeignFunction);

    [DoesNotReturn]
    public static void NullReference() => throw TrapException.Create(TrapKind.NullReference);

    [DoesNotReturn]
    public static void NullStructureReference() => throw TrapException.Create(TrapKind.NullStructureReference);

    [DoesNotReturn]
    public static void NullArrayReference() => throw TrapException.Create(TrapKind.NullArrayReference);

    [DoesNotReturn]
    public static void NullI31Reference() => throw TrapException.Create(TrapKind.NullI31Reference);

    /// <summary>A reference is not of the heap type, given as the <see cref="HeapType.Number"/> that the module has for it, that a cast in the instance's module asks for.</summary>
    [DoesNotReturn]
    public static void CastFailure(Instance instance, int heapType, bool isNullable) => throw TrapException.Create(
        TrapKind.CastFailure,
        $"(expected a reference to {instance.Module.Describe(instance.Module.Types.Resolve(HeapType.Defined(heapType)))}{(isNullable ? " or null" : "")})");

    [DoesNotReturn]
    public static void OutOfBoundsArrayAccess() => throw TrapException.Create(TrapKind.OutOfBoundsArrayAccess);

    [DoesNotReturn]
    public static void OutOfFuel() => throw TrapException.Create(TrapKind.OutOfFuel);

    [DoesNotReturn]
    public static void OutOfMemory() => throw TrapException.Create(TrapKind.OutOfMemory);
}
