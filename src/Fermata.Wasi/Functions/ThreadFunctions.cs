using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary>The function of <see href="https://github.com/WebAssembly/wasi-threads#detailed-design-discussion">wasi-threads</see>, which stands under <c>wasi</c>.</summary>
internal static class ThreadFunctions
{
    public static readonly HostFunction ThreadSpawn = new("thread-spawn", Spawn);

    /// <summary>Starts a thread.</summary>
    /// <returns>Its number, or an error as a negative number.</returns>
    private static int Spawn(Caller caller, int argument) =>
        caller.Store.TryGetData<WasiThreads>(out var threads) ? threads.Spawn(argument) : -(int)Errno.ENOTSUP;
}
