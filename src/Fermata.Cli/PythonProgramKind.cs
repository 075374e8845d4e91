namespace Fermata.Cli;

/// <summary>Where a program in Python comes from.</summary>
internal enum PythonProgramKind
{
    /// <summary>None is named.</summary>
    None,

    /// <summary>The command line.</summary>
    Code,

    /// <summary>A module that Python imports.</summary>
    Module,

    /// <summary>Standard input.</summary>
    Input,

    /// <summary>A file of the host.</summary>
    File,
}
