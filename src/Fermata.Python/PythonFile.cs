namespace Fermata.Python;

/// <summary>A file in the working folder of a <see cref="PythonSandbox"/>.</summary>
/// <param name="Path">Its path from there, such as <c>results/plot.svg</c>.</param>
/// <param name="Content">Its content.</param>
public sealed record PythonFile(string Path, ReadOnlyMemory<byte> Content);
