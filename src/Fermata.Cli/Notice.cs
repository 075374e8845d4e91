namespace Fermata.Cli;

/// <summary>Tells people at a terminal what takes so long, in place, if it takes long.</summary>
internal sealed class Notice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Terminal _terminal;
    private readonly Lock _lock = new();
    private readonly Timer? _timer;
    private bool _isShown;
    private bool _isOver;

    /// <param name="terminal">Where to tell it; nothing is told where nobody looks.</param>
    /// <param name="text">What is being done.</param>
    public Notice(Terminal terminal, string text)
    {
        _terminal = terminal;
        if (terminal.IsInteractive)
            _timer = new Timer(_ => Show(text), state: null, Patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It is done: the terminal is as it was.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            _isOver = true;
            if (_isShown)
                _terminal.Error.Write("\r\e[K");
        }
    }

    private void Show(string text)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _terminal.Error.Write($"\r\e[K{text}");
            _isShown = true;
        }
    }
}
