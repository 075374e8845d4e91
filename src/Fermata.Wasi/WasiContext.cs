using System.Text;
using Fermata.Platform;
using Fermata.Platform.Network;

namespace Fermata.Wasi;

/// <summary>What one running program has of WASI: its arguments and environment, and the files that it has open. Made by <see cref="WasiBuilder.BuildAsync"/>.</summary>
/// <remarks>
/// It is data of a store (<see cref="Store.SetData"/>), in which the functions that <see cref="WasiLinker.DefineWasi(Linker)"/> defines find it. Several stores may share one, as those
/// of a program's threads do.
/// </remarks>
public sealed class WasiContext : IAsyncDisposable
{
    private readonly long _start;
    private readonly OutputStream[] _outputs;

    internal WasiContext(
        IEnumerable<string> arguments, IEnumerable<string> environment, TimeProvider clock, Action<Span<byte>> random, DescriptorTable descriptors, OutputStream[] outputs,
        NetworkAccess? network, int mostThreads)
    {
        (Arguments, Environment) = (Encode(arguments), Encode(environment));
        (Clock, Random, Descriptors, _outputs, Network) = (clock, random, descriptors, outputs, network);
        MostThreads = mostThreads;
        _start = clock.GetTimestamp();
    }

    /// <summary>The arguments, each with a zero at its end.</summary>
    internal byte[][] Arguments { get; }

    /// <summary>The environment, <c>name=value</c>, each with a zero at its end.</summary>
    internal byte[][] Environment { get; }

    internal TimeProvider Clock { get; }

    internal Action<Span<byte>> Random { get; }

    internal DescriptorTable Descriptors { get; }

    /// <summary>The network; null if the program has none.</summary>
    internal NetworkAccess? Network { get; }

    /// <summary>How many threads the program may have at once beside the one that it begins with.</summary>
    internal int MostThreads { get; }

    /// <summary>How long the program has been running.</summary>
    internal TimeSpan Elapsed => Clock.GetElapsedTime(_start);

    /// <summary>The context of the store whose code calls.</summary>
    internal static WasiContext Of(Caller caller) => caller.Store.TryGetData<WasiContext>(out var context)
        ? context
        : throw new InvalidOperationException(
            "The store has no WASI context, so its code cannot call WASI functions. Give it one before it runs: store.SetData(await new WasiBuilder().BuildAsync()).");

    /// <summary>Sends off what is left in the standard output streams, and closes all files that the program has open.</summary>
    public ValueTask DisposeAsync() => EndAsync(CancellationToken.None);

    /// <summary>As <see cref="DisposeAsync"/>; what is left in the streams is not waited for by a program that is cancelled.</summary>
    internal async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var output in _outputs)
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run ends as it has ended before.
        }
        finally
        {
            await Descriptors.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static byte[][] Encode(IEnumerable<string> strings) => [.. strings.Select(text => Encoding.UTF8.GetBytes(text + '\0'))];
}
