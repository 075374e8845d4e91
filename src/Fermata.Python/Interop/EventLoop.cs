using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>What drives Pyodide's event loop: it asks for calls after some time, and no thread waits for them.</summary>
internal static class EventLoop
{
    /// <summary>The module <c>pyodide_js</c>, as far as Pyodide's Python code needs it.</summary>
    public static HostNamespace ModuleFor(Interpreter python) => new()
    {
        ["_api"] = new HostNamespace
        {
            ["scheduleCallback"] = (HostMethod)(arguments => Schedule(python, (HostMethod)arguments[0]!, Convert.ToDouble(arguments.Count > 1 ? arguments[1] : 0, null))),
            ["config"] = new HostNamespace { ["enableRunUntilComplete"] = true },
        },
        ["loadedPackages"] = new HostNamespace(),
    };

    private static object? Schedule(Interpreter python, HostMethod callback, double milliseconds)
    {
        _ = RunAsync();
        return null;

        async Task RunAsync()
        {
            var delay = TimeSpan.FromMilliseconds(Math.Max(milliseconds, 0));
            await Task.Delay(delay, python.Clock, python.Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            if (python.Ending.IsCancellationRequested)
                return;
            try
            {
                await ((Task)callback([])!).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not PythonException)
            {
                // Nobody hears of what was to go on here.
                python.Fail(e);
            }
        }
    }
}
