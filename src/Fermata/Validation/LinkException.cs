namespace Fermata;

/// <summary>A module cannot be instantiated because imports are missing or are not what the module asks for.</summary>
/// <remarks>
/// WebAssembly 3.0, section 4.7.2 "Instantiation". The message has a line for each problem, up to a number, and starts with the wording of the
/// reference interpreter.
/// </remarks>
public sealed class LinkException : Exception
{
    private const int MostLines = 20;

    internal LinkException(IReadOnlyList<LinkProblem> problems)
        : base(Lines(problems)) => Problems = problems;

    /// <summary>All that is wrong, at least one problem, in the order of the module's imports.</summary>
    public IReadOnlyList<LinkProblem> Problems { get; }

    /// <summary>What is wrong with the first of the imports, in the specification's wording: <c>unknown import</c> or <c>incompatible import type</c>.</summary>
    public string Problem => Problems[0].Problem;

    /// <summary>The module name of the first of the imports.</summary>
    public string ModuleName => Problems[0].ModuleName;

    /// <summary>The field name of the first of the imports.</summary>
    public string FieldName => Problems[0].FieldName;

    /// <summary>The type that the module asks for there.</summary>
    public ExternType Expected => Problems[0].Expected;

    /// <summary>The type of what it would get there; null where there is nothing.</summary>
    public ExternType? Found => Problems[0].Found;

    private static string Lines(IReadOnlyList<LinkProblem> problems)
    {
        var lines = string.Join('\n', problems.Take(MostLines));
        return problems.Count > MostLines ? $"{lines}\nand {problems.Count - MostLines} more" : lines;
    }
}
