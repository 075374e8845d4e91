using Fermata.Emscripten.Functions;
using Fermata.Platform;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>Finds libraries among the files of a program.</summary>
internal sealed class LibraryFiles(EmscriptenContext context, EmscriptenHost host, long mostBytes)
{
    private static readonly string[] Usual = ["/lib", "/usr/local/lib", "/usr/lib"];

    /// <summary>Where a library may be, in the order in which that is looked at: a name with a slash in it is a path.</summary>
    /// <param name="name">What it is called by the program, or by a library that needs it.</param>
    /// <param name="directories">What that library says in addition (<c>RUNPATH</c>).</param>
    public IEnumerable<string> PathsOf(string name, IEnumerable<string> directories)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            return [ToAbsolute(name)];
        var ofEnvironment = host.Settings.Environment.GetValueOrDefault("LD_LIBRARY_PATH", "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return directories.Concat(ofEnvironment).Append(DirectoryOf(host.Settings.ProgramName)).Concat(Usual).Select(directory => ToAbsolute($"{directory}/{name}"));
    }

    /// <summary>Directories that a library names, in which <c>$ORIGIN</c> stands for its own.</summary>
    public static IEnumerable<string> Expand(IEnumerable<string> directories, string library) =>
        directories.Select(directory => directory.Replace("${ORIGIN}", "$ORIGIN", StringComparison.Ordinal).Replace("$ORIGIN", DirectoryOf(library), StringComparison.Ordinal));

    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="DynamicLinkException">It cannot be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var read = await PathFunctions.ReadFileAsync(context, path, mostBytes, cancellationToken).ConfigureAwait(false);
        return read.TryGet(out var bytes) ? bytes
            : read.Error is Errno.ENOENT or Errno.ENOTDIR ? default(ReadOnlyMemory<byte>?)
            : throw new DynamicLinkException($"{path} cannot be read: {read.Error}");
    }

    /// <summary>An absolute path without <c>.</c> and <c>..</c>, by which a library is known.</summary>
    private string ToAbsolute(string path)
    {
        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : $"{context.WorkingDirectory}/{path}").Split('/'))
        {
            if (part == "..")
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (part is not ("" or "."))
                parts.Add(part);
        }

        return '/' + string.Join('/', parts);
    }

    private static string DirectoryOf(string path) => path.LastIndexOf('/') is var slash && slash < 0 ? "." : path[..slash];
}
