using System.Text;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;
using Fermata.Wasi.Functions;

namespace Fermata.Wasi;

/// <summary>What one running program has of WASI: its arguments and environment, and the files that it has open. Made by <see cref="WasiBuilder.BuildAsync(CancellationToken)"/>.</summary>
/// <remarks>
/// It is data of a store (<see cref="Store.SetData"/>), in which the functions that <see cref="WasiLinker.DefineWasi(Linker)"/> defines find it. Several stores may share one, as those
/// of a program's threads do. Snapshots of the store have what the program has open, for <see cref="WasiBuilder.BuildAsync(RestoredStore, CancellationToken)"/>.
/// </remarks>
public sealed class WasiContext : IAsyncDisposable, ISnapshotData
{
    private readonly long _start;
    private readonly TimeSpan _elapsedBefore;
    private readonly OutputStream[] _outputs;

    private WasiContext(ProgramSettings settings, DescriptorTable descriptors, int mostThreads, WasiState? state)
    {
        Arguments = state?.Arguments ?? [Encode(settings.ProgramName), .. settings.Arguments.Select(Encode)];
        Environment = state?.Environment ?? [.. settings.Environment.Select(static variable => Encode($"{variable.Key}={variable.Value}"))];
        (Clock, Random, Descriptors, MostThreads) = (settings.Clock, settings.Random, descriptors, mostThreads);
        Network = settings.Network is { } policy ? new NetworkAccess(policy) : null;
        _outputs = [settings.Output, settings.Error];
        _start = Clock.GetTimestamp();
        if (state is not null)
            (_elapsedBefore, MonotonicOffset) = (state.Elapsed, GoOn(state));
    }

    string ISnapshotData.SnapshotName => WasiState.Name;

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
    internal TimeSpan Elapsed => _elapsedBefore + Clock.GetElapsedTime(_start);

    /// <summary>By how many nanoseconds the program's monotonic clock is before that of the host.</summary>
    internal long MonotonicOffset { get; }

    /// <summary>When calls began to wait.</summary>
    internal WaitStarts WaitStarts { get; } = new();

    /// <summary>Who keeps sleeps; null if they are timers of this process.</summary>
    internal IKeptSleeps? KeptSleeps { get; set; }

    /// <summary>The context of the store whose code calls.</summary>
    internal static WasiContext Of(Caller caller) => caller.Store.TryGetData<WasiContext>(out var context)
        ? context
        : throw new InvalidOperationException(
            "The store has no WASI context, so its code cannot call WASI functions. Give it one before it runs: store.SetData(await new WasiBuilder().BuildAsync()).");

    /// <summary>Opens the standard streams, directories and sockets for a program.</summary>
    /// <param name="settings">What the program is given.</param>
    /// <param name="directories">The directories for which it has file descriptors from its beginning on.</param>
    /// <param name="mostThreads">How many threads it may have at once beside the one that it begins with.</param>
    /// <param name="withoutRight">What a call is told that uses a file descriptor for something to which it has no right.</param>
    /// <param name="state">What the program had before; null for one at its beginning.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="IOException">A directory cannot be opened.</exception>
    internal static async ValueTask<WasiContext> OpenAsync(
        ProgramSettings settings, IEnumerable<(string Name, FileSystem FileSystem)> directories, int mostThreads, Errno withoutRight, WasiState? state,
        CancellationToken cancellationToken)
    {
        var descriptors = new DescriptorTable(settings.MostDescriptors, withoutRight);
        var given = new List<Descriptor>();
        try
        {
            given.Add(new InputDescriptor(settings.Input) { Source = Given("standard input") });
            given.Add(new OutputDescriptor(settings.Output) { Source = Given("standard output") });
            given.Add(new OutputDescriptor(settings.Error) { Source = Given("standard error") });
            foreach (var (name, fileSystem) in directories)
            {
                var root = await fileSystem.OpenRootAsync(cancellationToken).ConfigureAwait(false);
                if (!root.TryGet(out var directory))
                    throw new IOException($"The directory that the program is to have as {name} cannot be opened: {root.Error}.");
                given.Add(new DirectoryDescriptor(new SharedDirectory(directory), name, Rights.OfDirectory, Rights.All, FdFlags.None) { Source = Given(name) });
            }

            foreach (var (index, socket) in settings.Sockets.Index())
                given.Add(new SocketDescriptor(socket, FdFlags.None) { Source = Given($"socket {index}") });
            await AddAsync(descriptors, given, state, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await descriptors.DisposeAsync().ConfigureAwait(false);
            foreach (var descriptor in given)
                await descriptor.ReleaseAsync().ConfigureAwait(false);
            throw;
        }

        return new WasiContext(settings, descriptors, mostThreads, state);
    }

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

    ReadOnlyMemory<byte> ISnapshotData.ToSnapshot() =>
        new WasiState(
            Arguments, Environment, Elapsed, Clock.GetUtcNow(), ClockFunctions.Monotonic(this), WaitStarts.ToList(),
            [.. Descriptors.ToList().Select(static entry => DescriptorState.Of(entry.Number, entry.Descriptor))]).ToBytes();

    private static DescriptorSource Given(string name) => new(SourceKind.Given, name);

    private static async Task AddAsync(DescriptorTable descriptors, List<Descriptor> given, WasiState? state, CancellationToken cancellationToken)
    {
        if (state is not null)
        {
            await new DescriptorRestoration(given, descriptors).OpenAsync(state.Descriptors, cancellationToken).ConfigureAwait(false);
            return;
        }

        while (given is [var next, ..])
        {
            if (descriptors.Add(next).Error is var error && error != Errno.None)
                throw new IOException($"{next.Source!.Name} has no place among {descriptors.MostDescriptors} file descriptors: {error}.");
            given.RemoveAt(0);
        }
    }

    /// <summary>The program's monotonic clock counts the time for which it was a snapshot, as far as clocks tell.</summary>
    private long GoOn(WasiState state)
    {
        foreach (var (key, start) in state.WaitStarts)
            WaitStarts.Add(key, start);
        var away = Math.Max(0, (Clock.GetUtcNow() - state.Time).Ticks) * TimeSpan.NanosecondsPerTick;
        return unchecked(state.Monotonic + away - ClockFunctions.Monotonic(this));
    }

    private static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
