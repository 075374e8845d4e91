namespace Fermata.Cli;

/// <summary>Tells people at a terminal what takes so long, in place, if it takes long.</summary>
internal sealed class Notice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly TextWriter _error;
    private readonly Lock _lock = new();
    private readonly Timer? _timer;
    private bool _isShown;
    private bool _isOver;

    /// <param name="error">The standard error; nothing is told where it is no terminal.</param>
    /// <param name="text">What is being done.</param>
    public Notice(TextWriter error, string text)
    {
        _error = error;
        if (ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected)
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
                _error.Write("\r\e[K");
        }
    }

    private void Show(string text)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _error.Write($"\r\e[K{text}");
            _isShown = true;
        }
    }
}
