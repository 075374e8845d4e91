using System.Globalization;

namespace Fermata;

/// <summary>The program ends: thrown by a host function that stands for an exit, such as <c>proc_exit</c> or C's <c>exit</c>.</summary>
/// <remarks>
/// WebAssembly code cannot catch it, not even with <c>catch_all</c>, and it is no trap. It ends the call with this exception, passes the host functions
/// in between unless one of them catches it, and leaves the store usable. Whoever runs the program catches it and has the <see cref="ExitCode"/>.
/// </remarks>
public sealed class WasmExitException : Exception
{
    /// <summary>An exit.</summary>
    /// <param name="exitCode">What the program ends with; 0 for success by convention.</param>
    public WasmExitException(int exitCode)
        : base(string.Create(CultureInfo.InvariantCulture, $"The program ended with exit code {exitCode}.")) => ExitCode = exitCode;

    /// <summary>What the program ended with.</summary>
    public int ExitCode { get; }
}
