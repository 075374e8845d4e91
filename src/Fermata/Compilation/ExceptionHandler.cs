using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>What a <c>try</c> or <c>try_table</c> does with exceptions.</summary>
internal sealed class ExceptionHandler
{
    /// <summary>The region of the body.</summary>
    public required CodeRegion Region { get; init; }

    /// <summary>The clauses of <c>try_table</c>; none for the older <c>try</c>, whose clauses follow its body.</summary>
    public required CatchClause[] Clauses { get; init; }

    /// <summary>Holds the exception that was caught.</summary>
    public required LocalBuilder Exception { get; init; }
}
