namespace Fermata.Python;

/// <summary>An exception of Python that nobody caught.</summary>
public sealed class PythonException : Exception
{
    /// <summary>The type of an exception for which there may be no memory.</summary>
    internal const string NoMemory = "MemoryError";

    internal PythonException(string type, string traceback, Exception? cause)
        : base(LastLineOf(traceback) is { Length: > 0 } line ? line : type, cause) => (Type, Traceback) = (type, traceback);

    /// <summary>The name of its type, such as <c>ZeroDivisionError</c>.</summary>
    public string Type { get; }

    /// <summary>What Python prints of it: the frames, what caused it, its type and text. It is empty where Python has nothing to tell.</summary>
    public string Traceback { get; }

    /// <summary>The object, as long as it is the last exception of the interpreter: raised again in Python, it is the same.</summary>
    internal int Pointer { get; init; }

    /// <summary>The object, kept until Python has it again; null where nobody said so.</summary>
    internal PythonObject? Kept { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Traceback.Length == 0 ? base.ToString() : $"{base.ToString()}{Environment.NewLine}{Traceback}";

    private static string LastLineOf(string text) => text.AsSpan().TrimEnd('\n') is var lines ? lines[(lines.LastIndexOf('\n') + 1)..].ToString() : "";
}
