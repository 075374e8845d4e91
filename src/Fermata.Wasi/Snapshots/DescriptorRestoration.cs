using Fermata.Wasi.Functions;

namespace Fermata.Wasi;

/// <summary>Opens again what a program had open when a snapshot was made.</summary>
/// <param name="given">What the host gives now: the streams, directories and sockets, as a program has them at its beginning. What is used of it is removed.</param>
/// <param name="descriptors">Where all that goes.</param>
internal sealed class DescriptorRestoration(List<Descriptor> given, DescriptorTable descriptors)
{
    private readonly List<DirectoryDescriptor> _directories = [.. given.OfType<DirectoryDescriptor>()];

    /// <summary>Opens it. What is given, and the program had closed, is closed.</summary>
    /// <exception cref="SnapshotException">The snapshot says what cannot be, or something is not given.</exception>
    /// <exception cref="IOException">Something is not there that the program had open.</exception>
    public async Task OpenAsync(IReadOnlyList<DescriptorState> states, CancellationToken cancellationToken)
    {
        foreach (var state in states)
        {
            var descriptor = state.Source.Kind == SourceKind.Given ? Take(state) : await OpenAsync(state, cancellationToken).ConfigureAwait(false);
            descriptor.Position = state.Position;
            var isRestored = descriptor.TryRestore(state.State);
            if (isRestored && descriptors.TryAdd(state.Number, descriptor))
                continue;
            await descriptor.ReleaseAsync().ConfigureAwait(false);
            throw !isRestored ? WasiState.Damaged($"what file descriptor {state.Number} cannot be") : new SnapshotException(
                $"The snapshot cannot be restored: file descriptor {state.Number} is there twice, or above the {descriptors.MostDescriptors} that are possible (WithMaxDescriptors).");
        }

        while (given is [.., var last])
        {
            given.RemoveAt(given.Count - 1);
            await last.ReleaseAsync().ConfigureAwait(false);
        }
    }

    private static bool IsOf(Descriptor given, DescriptorState state) => given.Source!.Name == state.Source.Name;

    private static SnapshotException NotGiven(DescriptorState state) => new(
        $"The snapshot cannot be restored: the program had '{state.Source.Name}', which it is not given now (WithDirectory, WithSocket).");

    /// <summary>What the host has given once can be had once, with no more rights than it has at first.</summary>
    private Descriptor Take(DescriptorState state)
    {
        var descriptor = given.Find(given => IsOf(given, state)) ?? throw NotGiven(state);
        given.Remove(descriptor);
        (descriptor.Rights, descriptor.Inheriting, descriptor.Flags) = (descriptor.Rights & state.Rights, descriptor.Inheriting & state.Inheriting, state.Flags);
        return descriptor;
    }

    private async Task<Descriptor> OpenAsync(DescriptorState state, CancellationToken cancellationToken)
    {
        var directory = _directories.Find(directory => IsOf(directory, state)) ?? throw NotGiven(state);
        var flags = state.Source.Kind == SourceKind.Directory ? OpenFlags.Directory : OpenFlags.None;
        var request = new OpenRequest(descriptors, LookupFlags.None, flags, state.Rights, state.Inheriting, state.Flags);
        var path = state.Source.Path.TrimStart('/');
        var opened = await request.FindAsync(directory, path.Length == 0 ? "." : path, cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var descriptor)
            ? descriptor
            : throw new IOException(
                $"'{state.Source.Path}' in the directory '{state.Source.Name}', which the program had open as {state.Number}, cannot be opened: {opened.Error}.");
    }
}
