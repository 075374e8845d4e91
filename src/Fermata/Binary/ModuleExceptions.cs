namespace Fermata;

/// <summary>A module cannot be used: its bytes or its text are malformed, or what they say is invalid.</summary>
public abstract class ModuleException : Exception
{
    private protected ModuleException(string problem, string position)
        : base($"{problem} ({position})") => Problem = problem;

    /// <summary>What is wrong, in the specification's wording, without the place.</summary>
    public string Problem { get; }

    /// <summary>The byte offset in the binary module; null where the module is text.</summary>
    public int? Offset { get; private protected init; }

    /// <summary>The function in whose body it is, by its index and its name if it has one; null outside of functions.</summary>
    public string? Function { get; private protected init; }

    /// <summary>The line in the text, from 1; null where the module is binary.</summary>
    public int? Line { get; private protected init; }

    /// <summary>The column in the line, from 1; null where the module is binary.</summary>
    public int? Column { get; private protected init; }
}

/// <summary>The bytes or the text are not a module at all (section 5 "Binary Format", section 6 "Text Format").</summary>
public sealed class MalformedModuleException : ModuleException
{
    internal MalformedModuleException(string problem, int offset)
        : base(problem, $"at byte 0x{offset:x}") => Offset = offset;

    internal MalformedModuleException(string problem, int line, int column)
        : base(problem, $"at line {line}, column {column}")
    {
        Line = line;
        Column = column;
    }
}

/// <summary>The module is well-formed and breaks a rule of validation (section 3 "Validation").</summary>
public sealed class InvalidModuleException : ModuleException
{
    internal InvalidModuleException(string problem, int offset, string? function = null)
        : base(problem, $"at byte 0x{offset:x}{In(function)}")
    {
        Offset = offset;
        Function = function;
    }

    internal InvalidModuleException(string problem, int line, int column, string? function)
        : base(problem, $"at line {line}, column {column}{In(function)}")
    {
        Line = line;
        Column = column;
        Function = function;
    }

    private static string In(string? function) => function is null ? "" : $" in {function}";
}
