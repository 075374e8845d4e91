namespace Fermata.Platform.FileSystems;

/// <summary>The devices that programs look for in <c>/dev</c>, with the numbers that they have on Linux.</summary>
/// <remarks>The standard streams have the number of the terminal, which <c>tty</c> is: it reads what standard input does, and writes what standard output does, if one of them is a terminal.</remarks>
internal sealed class DeviceFileSystem : FileSystem
{
    private readonly DeviceTree _tree;

    /// <summary>Makes the devices.</summary>
    /// <param name="random">Fills a span with random bytes, on any thread.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    public DeviceFileSystem(Action<Span<byte>> random, InputStream input, OutputStream output, OutputStream error)
    {
        var zeros = new FilledInput(static bytes => bytes.Clear());
        var randomBytes = new FilledInput(random);
        _tree = new DeviceTree(
        [
            new("null", 1, 3, InputStream.Empty, OutputStream.Null),
            new("zero", 1, 5, zeros, OutputStream.Null),
            new("full", 1, 7, zeros, new FullOutput()),
            new("random", 1, 8, randomBytes, OutputStream.Null),
            new("urandom", 1, 9, randomBytes, OutputStream.Null),
            new("tty", 5, 0, input, output, NeedsTerminal: true),
            new("stdin", 5, 0, input, null),
            new("stdout", 5, 0, null, output),
            new("stderr", 5, 0, null, error),
        ]);
    }

    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new DeviceDirectoryHandle(_tree));
    }
}
