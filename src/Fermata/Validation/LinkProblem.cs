using Fermata.Structure;

namespace Fermata;

/// <summary>An import that is missing, or is not what the module asks for.</summary>
/// <param name="ModuleName">The module name of the import.</param>
/// <param name="FieldName">The field name of the import.</param>
/// <param name="Expected">The type that the module asks for.</param>
/// <param name="Found">The type of what it would get; null where there is nothing.</param>
public sealed record LinkProblem(string ModuleName, string FieldName, ExternType Expected, ExternType? Found)
{
    /// <summary>What is wrong, in the specification's wording: <c>unknown import</c> or <c>incompatible import type</c>.</summary>
    public string Problem => Found is null ? "unknown import" : "incompatible import type";

    /// <summary>The problem in one line, with the names and both types.</summary>
    public override string ToString()
    {
        var explanation = Found is null
            ? $"nothing is defined under this name; the module expects {Expected}"
            : $"the module expects {Expected}, found {Found}";
        return $"{Problem} {HostileText.Quoted(ModuleName)} {HostileText.Quoted(FieldName)}: {explanation}";
    }
}
