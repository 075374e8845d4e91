namespace Fermata.Python;

/// <summary>Why code in a <see cref="PythonSandbox"/> did not run to its end.</summary>
public enum PythonErrorKind
{
    /// <summary>The source is no Python; nothing of it ran.</summary>
    Syntax,

    /// <summary>It raised an exception and did not catch it.</summary>
    Exception,

    /// <summary>It computed for longer than <see cref="PythonSandboxOptions.MaxComputingTime"/>.</summary>
    ComputingTime,

    /// <summary>It waited for longer than <see cref="PythonSandboxOptions.MaxWaitingTime"/>.</summary>
    WaitingTime,

    /// <summary>It wanted more memory than <see cref="PythonSandboxOptions.MaxMemoryBytes"/>.</summary>
    Memory,

    /// <summary>It printed more than <see cref="PythonSandboxOptions.MaxOutputBytes"/>, or left files that are longer together than <see cref="PythonSandboxOptions.MaxFileBytes"/>.</summary>
    Output,

    /// <summary>It ended the interpreter, by <c>os._exit</c>, <c>os.abort</c>, or memory that it does not have.</summary>
    InterpreterEnded,
}
