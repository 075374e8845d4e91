using Fermata.Structure;

namespace Fermata;

/// <summary>An import that is missing, or is not what the module asks for.</summary>
public sealed record class LinkProblem
{
    internal LinkProblem(string moduleName, string fieldName, ExternType expected, ExternType? found)
    {
        ModuleName = moduleName;
        FieldName = fieldName;
        Expected = expected;
        Found = found;
    }

    /// <summary>The module name of the import.</summary>
    public string ModuleName { get; }

    /// <summary>The field name of the import.</summary>
    public string FieldName { get; }

    /// <summary>The type that the module asks for.</summary>
    public ExternType Expected { get; }

    /// <summary>The type of what it would get; null where there is nothing.</summary>
    public ExternType? Found { get; }

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
