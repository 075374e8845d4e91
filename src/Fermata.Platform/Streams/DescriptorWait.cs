using Fermata.Platform.FileSystems;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform;

/// <summary>Waits until a file descriptor of Linux can be read, or written, without being held up: on a thread of its own, one for all who wait, which is made when it is needed.</summary>
/// <param name="descriptor">The file descriptor, which stays open as long as the process lives.</param>
/// <param name="events">Which of the two.</param>
internal sealed class DescriptorWait(SafeFileHandle descriptor, short events)
{
    /// <summary>POLLIN (include/uapi/asm-generic/poll.h).</summary>
    public const short Readable = 0x1;

    /// <summary>POLLOUT.</summary>
    public const short Writable = 0x4;

    private const int NoTimeout = -1;

    private readonly object _lock = new();
    private Thread? _thread;

    /// <summary>What those that wait share; null if nobody waits.</summary>
    private TaskCompletionSource? _ready;

    /// <summary>Whether nobody has to wait: there is something, or nobody at the other end.</summary>
    public bool IsReady => LinuxCalls.Poll(descriptor, events, milliseconds: 0);

    /// <param name="cancellationToken">Cancelled when whoever asks waits no more; the thread goes on for those that come later.</param>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsReady)
            return Task.CompletedTask;
        lock (_lock)
        {
            if (_ready is null)
            {
                _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Monitor.Pulse(_lock);
                StartThread();
            }

            return _ready.Task.WaitAsync(cancellationToken);
        }
    }

    private void StartThread()
    {
        if (_thread is not null)
            return;
        _thread = new Thread(Serve) { IsBackground = true, Name = "Fermata: standard streams" };
        _thread.Start();
    }

    private void Serve()
    {
        while (true)
        {
            lock (_lock)
            {
                while (_ready is null)
                    Monitor.Wait(_lock);
            }

            LinuxCalls.Poll(descriptor, events, NoTimeout);
            lock (_lock)
            {
                _ready.SetResult();
                _ready = null;
            }
        }
    }
}
