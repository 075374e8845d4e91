namespace Fermata.Structure;

/// <summary>A clause of <c>try_table</c>.</summary>
/// <param name="Kind">The form.</param>
/// <param name="Tag">The tag; -1 in forms without one.</param>
/// <param name="Label">Where it branches to, counted from outside of the block.</param>
internal readonly record struct CatchClause(CatchKind Kind, int Tag, int Label);
