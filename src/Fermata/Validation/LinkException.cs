using Fermata.Structure;

namespace Fermata;

/// <summary>A module cannot be instantiated because an import is missing or is not what the module asks for.</summary>
/// <remarks>WebAssembly 3.0, section 4.7.2 "Instantiation". The message starts with the wording of the reference interpreter.</remarks>
public sealed class LinkException : Exception
{
    private LinkException(string problem, string module, string field, ExternType expected, ExternType? found, string explanation)
        : base($"{problem} {HostileText.Quoted(module)} {HostileText.Quoted(field)}: {explanation}")
    {
        Problem = problem;
        ModuleName = module;
        FieldName = field;
        Expected = expected;
        Found = found;
    }

    /// <summary>What is wrong, in the specification's wording: <c>unknown import</c> or <c>incompatible import type</c>.</summary>
    public string Problem { get; }

    /// <summary>The module name of the import.</summary>
    public string ModuleName { get; }

    /// <summary>The field name of the import.</summary>
    public string FieldName { get; }

    /// <summary>The type that the module asks for.</summary>
    public ExternType Expected { get; }

    /// <summary>The type of what it would get; null where there is nothing.</summary>
    public ExternType? Found { get; }

    /// <summary>The import is not defined.</summary>
    internal static LinkException UnknownImport(string module, string field, ExternType expected) =>
        new("unknown import", module, field, expected, null, $"nothing is defined under this name; the module expects {expected}");

    /// <summary>The import is defined, as something else.</summary>
    internal static LinkException IncompatibleImportType(string module, string field, ExternType expected, ExternType found) =>
        new("incompatible import type", module, field, expected, found, $"the module expects {expected}, found {found}");
}
