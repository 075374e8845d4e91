using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Durable;

/// <summary>A directory of which each file is something that the host answers.</summary>
/// <param name="find">What the file of a name asks; null if there is no such file.</param>
/// <param name="names">The names that are listed.</param>
/// <param name="isWritten">Whether something is asked by writing; else it is only waited for.</param>
internal sealed class QuestionDirectory(Func<string, Question?> find, Func<IEnumerable<string>> names, bool isWritten) : FileSystem
{
    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) => new(new Root(find, names, isWritten));

    private sealed class Root(Func<string, Question?> find, Func<IEnumerable<string>> names, bool isWritten) : DirectoryHandle
    {
        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => new(new FileStatus { Kind = FileKind.Directory });

        public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) =>
            new(Find(name) is null ? Errno.ENOENT : QuestionFile.Status);

        public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) =>
            new(Find(name) is null ? Errno.ENOENT : Errno.ENOTDIR);

        public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
        {
            if (Find(name) is not { } file)
                return new(Errno.ENOENT);
            if (opening.Check() is not Errno.None and var senseless)
                return new(senseless);
            if (opening.OfExisting(FileKind.File) is not Errno.None and var error)
                return new(error);

            // Who could not read would not wait for an answer.
            return new(!opening.HasFlag(FileOpening.Read) || (opening.HasFlag(FileOpening.Write) && !isWritten) ? Errno.EACCES : file);
        }

        public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) =>
            new(names().Select(static name => new DirectoryEntry(name, FileKind.File, Inode: 0)).ToArray());

        private QuestionFile? Find(string name) => EntryName.Check(name) == Errno.None && find(name) is { } question ? new QuestionFile(question) : null;
    }
}
