namespace Fermata.Structure;

/// <summary>The forms of a clause of <c>try_table</c>, with their codes in the binary format (section 5.4.2 "Control Instructions").</summary>
internal enum CatchKind : byte
{
    /// <summary><c>catch</c>: exceptions of a tag.</summary>
    Catch = 0,

    /// <summary><c>catch_ref</c>: exceptions of a tag, with the reference to them.</summary>
    CatchRef = 1,

    /// <summary><c>catch_all</c>: all exceptions.</summary>
    CatchAll = 2,

    /// <summary><c>catch_all_ref</c>: all exceptions, with the reference to them.</summary>
    CatchAllRef = 3,
}

/// <summary>What the label of a clause gets.</summary>
internal static class CatchKinds
{
    /// <summary>Whether the clause names a tag, and brings the values of the exception.</summary>
    public static bool HasTag(this CatchKind kind) => kind is CatchKind.Catch or CatchKind.CatchRef;

    /// <summary>Whether the clause brings the reference to the exception, after the values.</summary>
    public static bool HasReference(this CatchKind kind) => kind is CatchKind.CatchRef or CatchKind.CatchAllRef;
}
