namespace Fermata.Python.Interop;

/// <summary>What is written in Python for the host: a module that each interpreter has from its start.</summary>
internal static class Prelude
{
    public const string Name = "_fermata";

    /// <summary>The source of the module.</summary>
    public const string Source =
        """
        from pyodide.ffi import run_sync

        def waiting(function):
            "A function that waits for what another one returns."
            return lambda *arguments, **named: run_sync(function(*arguments, **named))
        """;
}
