using System.Diagnostics;

namespace Fermata.Cli;

/// <summary>Tells people how far long work is: in place on a terminal, elsewhere in a line now and then.</summary>
internal sealed class Progress(Terminal terminal, int total)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private int _started;

    /// <summary>The next piece of work starts.</summary>
    public void Show(string name)
    {
        _started++;
        if (terminal.IsInteractive)
        {
            terminal.Error.Write($"\r\e[K[{_started}/{total}] {name}");
        }
        else if (_sinceLast.Elapsed >= Interval)
        {
            terminal.Error.WriteLine($"[{_started}/{total}] {name}");
            _sinceLast.Restart();
        }
    }

    /// <summary>Leaves the terminal as it was.</summary>
    public void Clear()
    {
        if (terminal.IsInteractive)
            terminal.Error.Write("\r\e[K");
    }
}
