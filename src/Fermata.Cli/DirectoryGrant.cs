using Fermata.Platform.FileSystems;
using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>A directory that a program is given, or what is in an archive.</summary>
/// <param name="HostPath">Where it is.</param>
/// <param name="GuestPath">Where the program finds it.</param>
/// <param name="IsReadOnly">Whether the program cannot write there.</param>
internal sealed record DirectoryGrant(string HostPath, string GuestPath, bool IsReadOnly)
{
    private const string Separator = "::";
    private const string ReadOnlySuffix = ":ro";

    /// <summary>Reads <c>HOST::GUEST</c>, or <c>HOST</c> for a directory that the program finds under the same path; <c>:ro</c> behind it means read-only.</summary>
    /// <returns>Null if a path is empty.</returns>
    public static DirectoryGrant? Parse(string text)
    {
        var isReadOnly = text.EndsWith(ReadOnlySuffix, StringComparison.Ordinal);
        var paths = (isReadOnly ? text[..^ReadOnlySuffix.Length] : text).Split(Separator, 2);
        return paths.Contains("") ? null : new DirectoryGrant(paths[0], paths[^1], isReadOnly);
    }

    /// <exception cref="CommandException">It cannot be opened.</exception>
    public FileSystem Open()
    {
        try
        {
            return IsArchive(".zip") ? new ZipFileSystem(HostPath)
                : IsArchive(".tar") || IsArchive(".tar.gz") || IsArchive(".tgz") ? new TarFileSystem(HostPath)
                : new HostFileSystem(HostPath, IsReadOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException or InvalidDataException)
        {
            throw new CommandException($"--dir {HostileText.Printable(HostPath)}: {HostileText.Printable(e.Message)}");
        }
    }

    private bool IsArchive(string ending) => HostPath.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && !Directory.Exists(HostPath);
}
