namespace Fermata;

/// <summary>A trap of integer arithmetic: a division by zero, or a result that does not fit.</summary>
/// <remarks>Sections 4.3.2 "Integer Operations" and 4.3.4 "Conversions".</remarks>
public sealed class ArithmeticTrapException : TrapException
{
    internal ArithmeticTrapException(TrapKind kind, string? detail = null)
        : base(kind, detail)
    {
    }
}

/// <summary>A trap of a memory: an access beyond its end, an unaligned atomic one, or a wait at a memory that is not shared.</summary>
public sealed class MemoryTrapException : TrapException
{
    /// <summary>For host functions that are given a range which is not inside the memory: what WebAssembly code that used it itself would end with, and cannot catch.</summary>
    /// <param name="detail">Which range, behind the words of the trap.</param>
    public MemoryTrapException(string detail)
        : base(TrapKind.OutOfBoundsMemoryAccess, detail)
    {
    }

    internal MemoryTrapException(TrapKind kind, string? detail = null)
        : base(kind, detail)
    {
    }

    /// <summary>For an access at which a guard page faulted.</summary>
    internal MemoryTrapException(NullReferenceException fault)
        : base(TrapKind.OutOfBoundsMemoryAccess, fault)
    {
    }
}

/// <summary>A trap of a table: an access beyond its end, or an indirect call that finds no function of the right type.</summary>
public sealed class TableTrapException : TrapException
{
    internal TableTrapException(TrapKind kind, string? detail = null)
        : base(kind, detail)
    {
    }
}

/// <summary>A trap of a reference: it is null, it refers to something of another type, or to an array that is shorter.</summary>
public sealed class ReferenceTrapException : TrapException
{
    internal ReferenceTrapException(TrapKind kind, string? detail = null)
        : base(kind, detail)
    {
    }
}

/// <summary>Calls nested too deeply: the trap of an endless recursion.</summary>
public sealed class StackExhaustedException : TrapException
{
    internal StackExhaustedException(string? detail = null)
        : base(TrapKind.StackExhausted, detail)
    {
    }
}
