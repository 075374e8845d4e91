using System.Text;

namespace Fermata.Platform.Tests.FileSystems;

/// <summary>What tests do with directories, shortly.</summary>
internal static class HandleExtensions
{
    public const FileOpening New = FileOpening.Read | FileOpening.Write | FileOpening.Create | FileOpening.Exclusive;
    public const FileOpening ReadWrite = FileOpening.Read | FileOpening.Write;

    public static async Task<T> Get<T>(this ValueTask<Result<T>> task) => (await task).Value;

    public static async Task<Errno> Error<T>(this ValueTask<Result<T>> task)
    {
        var result = await task;
        if (result.TryGet(out var value) && value is IAsyncDisposable handle)
            await handle.DisposeAsync();
        return result.Error;
    }

    public static async Task Succeeds(this ValueTask<Errno> task) => Assert.Equal(Errno.None, await task);

    public static async Task Fails(this ValueTask<Errno> task, Errno error) => Assert.Equal(error, await task);

    public static async Task MakeFile(this DirectoryHandle directory, string name, string content = "")
    {
        await using var file = await directory.OpenFileAsync(name, New).Get();
        Assert.Equal(content.Length, await file.WriteAsync(Encoding.ASCII.GetBytes(content), 0).Get());
    }

    public static async Task<DirectoryHandle> MakeDirectory(this DirectoryHandle directory, string name)
    {
        await directory.CreateDirectoryAsync(name).Succeeds();
        return await directory.OpenDirectoryAsync(name).Get();
    }

    public static async Task<string> ReadText(this DirectoryHandle directory, string name)
    {
        await using var file = await directory.OpenFileAsync(name, FileOpening.Read).Get();
        return await file.ReadText();
    }

    public static async Task<string> ReadText(this FileHandle file, long offset = 0)
    {
        var buffer = new byte[1 << 10];
        return Encoding.ASCII.GetString(buffer, 0, await file.ReadAsync(buffer, offset).Get());
    }

    public static Task<int> WriteText(this FileHandle file, string text, long offset = 0) => file.WriteAsync(Encoding.ASCII.GetBytes(text), offset).Get();

    /// <summary>The names in a directory, in alphabetical order, with a slash behind those of directories and an at sign behind those of symbolic links.</summary>
    public static async Task<string> List(this DirectoryHandle directory)
    {
        var entries = await directory.ReadEntriesAsync().Get();
        return string.Join(' ', entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => entry.Name + entry.Kind switch
        {
            FileKind.Directory => "/",
            FileKind.SymbolicLink => "@",
            FileKind.File => "",
            _ => $"({entry.Kind})",
        }));
    }

    /// <summary>Opens a file by its path.</summary>
    public static async Task<Result<FileHandle>> Open(this DirectoryHandle root, string path, FileOpening opening = FileOpening.Read)
    {
        var walk = await PathWalk.FollowAsync(root, path, followsLast: true);
        if (!walk.TryGet(out var place, out var error))
            return error;
        await using (place)
            return place.Name is null ? Errno.EISDIR : await place.Directory.OpenFileAsync(place.Name, opening);
    }
}
