namespace Fermata.Fuzz.Running;

/// <summary>What came of comparing the two engines' lines about one plan.</summary>
internal enum Outcome
{
    Equal,

    /// <summary>Equal up to where one engine ran out of stack or memory, which each may do where it likes.</summary>
    EqualUntilResource,

    /// <summary>Both refuse the module.</summary>
    BothRefuse,
    Different,
}

/// <summary>Compares lines of the two engines.</summary>
internal static class Comparison
{
    /// <summary>What V8 says of traps, and the kinds that the specification has for it; V8 has one message for several kinds at times.</summary>
    private static readonly (string Message, TrapKind[] Kinds)[] Traps =
    [
        ("unreachable", [TrapKind.Unreachable]),
        // Of an atomic access that is both unaligned and out of bounds, either may be said.
        ("memory access out of bounds", [TrapKind.OutOfBoundsMemoryAccess, TrapKind.UnalignedAtomic]),
        ("unaligned accesses", [TrapKind.UnalignedAtomic, TrapKind.OutOfBoundsMemoryAccess]),
        ("Atomics.wait cannot be called", [TrapKind.ExpectedSharedMemory]),
        ("divide by zero", [TrapKind.IntegerDivideByZero]),
        ("remainder by zero", [TrapKind.IntegerDivideByZero]),
        ("divide result unrepresentable", [TrapKind.IntegerOverflow]),
        ("float unrepresentable in integer range", [TrapKind.IntegerOverflow, TrapKind.InvalidConversionToInteger]),
        ("table index is out of bounds", [TrapKind.UndefinedElement, TrapKind.OutOfBoundsTableAccess]),
        ("dereferencing a null pointer",
        [
            TrapKind.NullReference, TrapKind.NullFunctionReference, TrapKind.NullStructureReference, TrapKind.NullArrayReference,
            TrapKind.NullI31Reference, TrapKind.NullExceptionReference,
        ]),
        ("illegal cast", [TrapKind.CastFailure]),
        ("function signature mismatch", [TrapKind.IndirectCallTypeMismatch, TrapKind.UninitializedElement]),
        ("null function", [TrapKind.UninitializedElement, TrapKind.NullFunctionReference]),
        ("rethrowing null value", [TrapKind.NullExceptionReference]),
        // Where several things are wrong, the specification looks at nulls first and then at arrays before segments, and V8 does not.
        ("array element access out of bounds", [TrapKind.OutOfBoundsArrayAccess, TrapKind.NullArrayReference]),
        ("element segment", [TrapKind.OutOfBoundsTableAccess, TrapKind.OutOfBoundsArrayAccess]),
        ("data segment", [TrapKind.OutOfBoundsMemoryAccess, TrapKind.OutOfBoundsArrayAccess]),
    ];

    /// <summary>Compares; says where the first difference is.</summary>
    public static (Outcome Outcome, string? Difference) Compare(IReadOnlyList<string> fermata, IReadOnlyList<string> v8)
    {
        for (var i = 0; i < Math.Max(fermata.Count, v8.Count); i++)
        {
            var ours = i < fermata.Count ? fermata[i] : "(nothing more)";
            var theirs = i < v8.Count ? v8[i] : "(nothing more)";
            if (Event(ours) == "resource" || Event(theirs) == "resource")
                return (Outcome.EqualUntilResource, null);
            if (Event(ours).StartsWith("invalid", StringComparison.Ordinal) && Event(theirs).StartsWith("invalid", StringComparison.Ordinal)
                || Event(ours).StartsWith("error", StringComparison.Ordinal) && Event(theirs).StartsWith("error", StringComparison.Ordinal))
                return (Outcome.BothRefuse, null);
            if (ours != theirs && !IsSameTrap(ours, theirs))
                return (Outcome.Different, $"line {i}: Fermata: {ours}\n          V8:      {theirs}");
        }

        return (Outcome.Equal, null);
    }

    private static string Event(string line) => line[(line.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon ? colon + 2 : 0)..];

    private static bool IsSameTrap(string fermata, string v8)
    {
        const string Trap = "trap ";
        var (ours, theirs) = (Event(fermata), Event(v8));
        if (!ours.StartsWith(Trap, StringComparison.Ordinal) || !theirs.StartsWith(Trap, StringComparison.Ordinal))
            return false;
        var row = Array.Find(Traps, trap => theirs.Contains(trap.Message, StringComparison.Ordinal));
        return row.Kinds is not null && Enum.TryParse<TrapKind>(ours[Trap.Length..], out var kind) && row.Kinds.Contains(kind);
    }
}
