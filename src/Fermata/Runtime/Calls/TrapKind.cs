namespace Fermata;

/// <summary>Why a computation trapped (WebAssembly 3.0, section 4 "Execution").</summary>
public enum TrapKind
{
    /// <summary>An <c>unreachable</c> instruction was reached.</summary>
    Unreachable,

    /// <summary>An access of linear memory, or of a data segment that initializes it, beyond the end.</summary>
    OutOfBoundsMemoryAccess,

    /// <summary>An access of a table, or of an element segment that initializes it, beyond the end.</summary>
    OutOfBoundsTableAccess,

    /// <summary>An indirect call of a function that has another type than the call says.</summary>
    IndirectCallTypeMismatch,

    /// <summary>An indirect call with an index beyond the end of the table.</summary>
    UndefinedElement,

    /// <summary>An indirect call of a table element that is null.</summary>
    UninitializedElement,

    /// <summary>An integer division or remainder by zero.</summary>
    IntegerDivideByZero,

    /// <summary>A result that its integer type cannot hold.</summary>
    IntegerOverflow,

    /// <summary>A conversion of a NaN to an integer.</summary>
    InvalidConversionToInteger,

    /// <summary>Calls nested too deeply.</summary>
    StackExhausted,

    /// <summary>A call of a null function reference.</summary>
    NullFunctionReference,

    /// <summary>A null reference where another one is required.</summary>
    NullReference,

    /// <summary>A field access of a null structure reference.</summary>
    NullStructureReference,

    /// <summary>An element access of a null array reference.</summary>
    NullArrayReference,

    /// <summary>An access of a null <c>i31</c> reference.</summary>
    NullI31Reference,

    /// <summary>A throw of a null exception reference.</summary>
    NullExceptionReference,

    /// <summary>A cast of a reference to a type that it does not have.</summary>
    CastFailure,

    /// <summary>An access of an array beyond its end.</summary>
    OutOfBoundsArrayAccess,

    /// <summary>
    /// A new array of more than 1 GiB; a new structure, array or exception that the store's limiter refuses (<see cref="StoreLimits.MaxObjectBytes"/>), or for which
    /// there is no memory.
    /// </summary>
    OutOfMemory,

    /// <summary>No fuel is left (<see cref="Store.Fuel"/>).</summary>
    OutOfFuel,

    /// <summary>A promising call used more of its C stack in linear memory than there is (<see cref="StoreOptions.ShadowStack"/>).</summary>
    CStackOverflow,

    /// <summary>An atomic access at an address that is not a multiple of its size.</summary>
    UnalignedAtomic,

    /// <summary>A <c>memory.atomic.wait</c> at a memory that is not shared.</summary>
    ExpectedSharedMemory,

    /// <summary>A call of an imported function that is not there (<see cref="Linker.DefineUnknownImportsAsTraps"/>).</summary>
    UnknownImport,

    /// <summary>
    /// A call of a function of another store, or its way into a table or global: a structure or array of that store, which the host passed on, holds it.
    /// </summary>
    ForeignFunction,
}
