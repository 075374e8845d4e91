using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>What a <c>try</c> or <c>try_table</c> does with exceptions.</summary>
internal sealed class ExceptionHandler
{
    /// <summary>The handler around; null if what is thrown there leaves the function.</summary>
    public required ExceptionHandler? Outer { get; init; }

    /// <summary>The clauses of <c>try_table</c>; none for the older <c>try</c>, whose clauses follow its body.</summary>
    public required CatchClause[] Clauses { get; init; }

    /// <summary>Holds the exception when <see cref="Entry"/> is reached.</summary>
    public required LocalBuilder Exception { get; init; }

    /// <summary>Where the clauses begin.</summary>
    public required Label Entry { get; init; }
}
