using System.Text;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;

namespace Fermata.Wasi.Functions;

/// <summary>What the functions have in common: how they find a file descriptor, and what becomes of exceptions.</summary>
internal static class HostCall
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Uses a file descriptor.</summary>
    /// <typeparam name="TState">The type of what the use needs.</typeparam>
    /// <typeparam name="T">The type of what it gives.</typeparam>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="number">The file descriptor.</param>
    /// <param name="rights">What it must allow.</param>
    /// <param name="state">What the use needs.</param>
    /// <param name="use">The use.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    /// <param name="isRepeatable">Whether a use that waits has had no effect yet, so that it can as well be asked again; else it can if it reads, and the descriptor says so.</param>
    public static ValueTask<Result<T>> UseAsync<TState, T>(
        Caller caller, int number, Rights rights, TState state, Func<Descriptor, TState, CancellationToken, ValueTask<Result<T>>> use, CancellationToken cancellationToken,
        bool isRepeatable = false)
    {
        var error = WasiContext.Of(caller).Descriptors.Use(number, rights, out var descriptor);
        if (error != Errno.None)
            return new(error);
        ValueTask<Result<T>> result;
        try
        {
            result = use(descriptor, state, cancellationToken);
        }
        catch (Exception e)
        {
            result = ValueTask.FromException<Result<T>>(e);
        }

        if (result.IsCompletedSuccessfully && descriptor.TryRelease())
            return result;
        caller.HoldSnapshots(whenComplete: isRepeatable || (rights == Rights.FdRead && descriptor.IsReadRepeatable));
        return EndUseAsync(descriptor, result, cancellationToken);
    }

    private static async ValueTask<Result<T>> EndUseAsync<T>(Descriptor descriptor, ValueTask<Result<T>> result, CancellationToken cancellationToken)
    {
        try
        {
            return await result.ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return ErrorOf(e);
        }
        finally
        {
            // Another call may have closed it meanwhile, and has had its result: if closing fails now nobody is told.
            await ReleaseAsync(descriptor).ConfigureAwait(false);
        }
    }

    /// <summary>Uses a file descriptor for something that only fails or not.</summary>
    /// <typeparam name="TState">The type of what the use needs.</typeparam>
    /// <returns>The number of the error.</returns>
    public static async ValueTask<int> UseAsync<TState>(
        Caller caller, int number, Rights rights, TState state, Func<Descriptor, TState, CancellationToken, ValueTask<Errno>> use, CancellationToken cancellationToken)
    {
        var result = await UseAsync<(TState State, Func<Descriptor, TState, CancellationToken, ValueTask<Errno>> Use), bool>(
            caller, number, rights, (state, use),
            static async (descriptor, both, token) => ToResult(await both.Use(descriptor, both.State, token).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        return (int)result.Error;
    }

    /// <summary>Whether what was taken for a call is its own now; if not, it was given back.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="delivery">The way of what was taken, where something is done at its end.</param>
    /// <exception cref="OperationCanceledException">The call was cancelled, which is why: it ends here, as it may have no more code that would look.</exception>
    public static bool HasArrived(Caller caller, IDelivery? delivery)
    {
        if (delivery?.TryArrive() != false)
            return true;
        caller.ThrowIfEnding();
        return false;
    }

    /// <summary>Ends the use of a file descriptor, which closes it if that was the last one.</summary>
    /// <returns>Why it could not be closed: it is gone all the same.</returns>
    public static async ValueTask<Errno> ReleaseAsync(Descriptor descriptor)
    {
        try
        {
            await descriptor.ReleaseAsync().ConfigureAwait(false);
            return Errno.None;
        }
        catch (Exception e)
        {
            return ErrorOf(e);
        }
    }

    /// <summary>Ends what a number stood for that a program has closed, or given to something else.</summary>
    /// <returns>Why it could not be closed: it is gone all the same.</returns>
    public static async ValueTask<Errno> CloseAsync(DescriptorTable descriptors, Descriptor closed)
    {
        var error = Errno.None;
        try
        {
            if (descriptors.Closing is { } closing)
                await closing(closed).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error = ErrorOf(e);
        }

        var failure = await ReleaseAsync(closed).ConfigureAwait(false);
        return failure == Errno.None ? error : failure;
    }

    /// <summary>
    /// The token for what may be done on another thread while the call waits (<see cref="LongCall"/>): none where the call cannot be suspended, so that it is done on this one.
    /// </summary>
    public static CancellationToken IfItCanSuspend(Caller caller, CancellationToken cancellationToken) => caller.CanSuspend ? cancellationToken : CancellationToken.None;

    /// <summary>Reads a text from memory.</summary>
    /// <returns><see cref="Errno.EILSEQ"/> if it is not UTF-8, <see cref="Errno.ENAMETOOLONG"/> if it is too long for a path.</returns>
    public static Result<string> ReadPath(Caller caller, int address, int length)
    {
        if ((uint)length > PathWalk.LongestPath)
            return Errno.ENAMETOOLONG;
        try
        {
            // A copy, as another thread may write there while characters are counted.
            return Utf8.GetString(caller.GetSpan(address, length).ToArray());
        }
        catch (DecoderFallbackException)
        {
            return Errno.EILSEQ;
        }
    }

    /// <summary>Writes the value of a result to memory.</summary>
    /// <returns>The number of the error.</returns>
    public static int Write<T>(Caller caller, Result<T> result, int address)
        where T : unmanaged
    {
        if (result.TryGet(out var value))
            caller.Write(address, value);
        return (int)result.Error;
    }

    /// <summary>The result of what only fails or not.</summary>
    public static Result<bool> ToResult(Errno error) => error == Errno.None ? true : error;

    /// <summary>What a program is told of an exception of a file system or a stream.</summary>
    public static Errno ErrorOf(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.ENOENT,
        UnauthorizedAccessException => Errno.EACCES,
        PathTooLongException => Errno.ENAMETOOLONG,
        NotSupportedException => Errno.ENOTSUP,
        OperationCanceledException => Errno.ECANCELED,
        OutOfMemoryException => Errno.ENOMEM,
        _ => Errno.EIO,
    };
}
