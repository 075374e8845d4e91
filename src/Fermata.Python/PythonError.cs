namespace Fermata.Python;

/// <summary>Why code in a <see cref="PythonSandbox"/> did not run to its end.</summary>
/// <param name="Kind">What kind of reason it is.</param>
/// <param name="Type">The type of Python's exception, such as <c>ZeroDivisionError</c>; null if the interpreter was ended without one.</param>
/// <param name="Message">What it says: for a limit, which one; else the text of the exception, without its type.</param>
/// <param name="Traceback">What Python prints of the exception, with frames of the code alone; empty if there is none.</param>
/// <param name="Line">The line of the source at which it happened, from 1; null if that is not known.</param>
public sealed record PythonError(PythonErrorKind Kind, string? Type, string Message, string Traceback, int? Line);
