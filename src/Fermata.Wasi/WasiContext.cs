using System.Text;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
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

    private WasiContext(ProgramSettings settings, DescriptorTable descriptors, int mostThreads)
    {
        Arguments = [Encode(settings.ProgramName), .. settings.Arguments.Select(Encode)];
        Environment = new byte[settings.Environment.Count][];
        var count = 0;
        foreach (var (name, value) in settings.Environment)
            Environment[count++] = Encode($"{name}={value}");
        (Clock, Random, Descriptors, MostThreads) = (settings.Clock, settings.Random, descriptors, mostThreads);
        Network = settings.Network is { } policy ? new NetworkAccess(policy) : null;
        _outputs = [settings.Output, settings.Error];
        _start = Clock.GetTimestamp();
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

    /// <summary>Opens the standard streams, directories and sockets for a program.</summary>
    /// <param name="settings">What the program is given.</param>
    /// <param name="directories">The directories for which it has file descriptors from its beginning on.</param>
    /// <param name="mostThreads">How many threads it may have at once beside the one that it begins with.</param>
    /// <param name="withoutRight">What a call is told that uses a file descriptor for something to which it has no right.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="IOException">A directory cannot be opened.</exception>
    internal static async ValueTask<WasiContext> OpenAsync(
        ProgramSettings settings, IEnumerable<(string Name, FileSystem FileSystem)> directories, int mostThreads, Errno withoutRight,
        CancellationToken cancellationToken)
    {
        var descriptors = new DescriptorTable(settings.MostDescriptors, withoutRight);
        try
        {
            descriptors.Add(new InputDescriptor(settings.Input));
            descriptors.Add(new OutputDescriptor(settings.Output));
            descriptors.Add(new OutputDescriptor(settings.Error));
            foreach (var (name, fileSystem) in directories)
            {
                var root = await fileSystem.OpenRootAsync(cancellationToken).ConfigureAwait(false);
                if (!root.TryGet(out var directory))
                    throw new IOException($"The directory that the program is to have as {name} cannot be opened: {root.Error}.");
                await AddAsync(new DirectoryDescriptor(new SharedDirectory(directory), name, Rights.OfDirectory, Rights.All, FdFlags.None), $"The directory {name}").ConfigureAwait(false);
            }

            foreach (var socket in settings.Sockets)
                await AddAsync(new SocketDescriptor(socket, FdFlags.None), "A socket").ConfigureAwait(false);
        }
        catch
        {
            await descriptors.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new WasiContext(settings, descriptors, mostThreads);

        async ValueTask AddAsync(Descriptor descriptor, string what)
        {
            if (descriptors.Add(descriptor).Error is var error && error != Errno.None)
            {
                await descriptor.ReleaseAsync().ConfigureAwait(false);
                throw new IOException($"{what} has no place among {settings.MostDescriptors} file descriptors: {error}.");
            }
        }
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

    private static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
