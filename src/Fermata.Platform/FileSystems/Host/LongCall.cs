namespace Fermata.Platform.FileSystems;

/// <summary>Calls of the operating system that take as long as they take: nothing ends them.</summary>
internal static class LongCall
{
    /// <summary>Dropping so much of a file takes a few milliseconds, since the system gives back page after page.</summary>
    public const long ManyBytes = 32 << 20;

    /// <summary>Makes a call on another thread. Whoever waits for it may go before it ends; who cannot be cancelled waits on their own thread.</summary>
    public static ValueTask<T> MakeAsync<T>(Func<T> call, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? new(Task.Run(call, CancellationToken.None)) : new(call());

    /// <summary>Disposes something on another thread, without anybody who waits for it.</summary>
    public static void Dispose(IDisposable disposed) => ThreadPool.UnsafeQueueUserWorkItem(static disposed => disposed.Dispose(), disposed, preferLocal: false);
}
