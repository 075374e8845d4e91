namespace Fermata.Cli;

/// <summary>What <c>fermata python</c> is to run.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The code, the name of the module or the path of the file.</param>
/// <param name="Arguments">What stands behind it, for the program.</param>
internal sealed record PythonProgram(PythonProgramKind Kind, string Text, string[] Arguments)
{
    /// <summary>What stands before code.</summary>
    public const string CodeOption = "-c";

    /// <summary>What stands before the name of a module.</summary>
    public const string ModuleOption = "-m";

    /// <summary>What stands for standard input.</summary>
    public const string Input = "-";

    /// <summary>Reads what stands behind the options.</summary>
    /// <exception cref="CommandException">Something is missing.</exception>
    public static PythonProgram Read(string[] words) => words switch
    {
        [] => new(PythonProgramKind.None, "", []),
        [CodeOption, var code, .. var arguments] => new(PythonProgramKind.Code, code, arguments),
        [ModuleOption, var module, .. var arguments] => new(PythonProgramKind.Module, module, arguments),
        [CodeOption] => throw CommandException.Usage("what is to be run is missing behind -c: expected Python code."),
        [ModuleOption] => throw CommandException.Usage("what is to be run is missing behind -m: expected the name of a module."),
        [Input, .. var arguments] => new(PythonProgramKind.Input, Input, arguments),
        [var file, .. var arguments] => new(PythonProgramKind.File, file, arguments),
    };
}
