using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Durable;

/// <summary>A file that is a question to the host. What was asked, and answered, belongs to whoever has it open.</summary>
internal sealed class QuestionFile(Question question) : FileHandle, IOpensDescriptor
{
    public static FileStatus Status => new() { Kind = FileKind.File, LinkCount = 1 };

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => new(Status);

    /// <summary>Only its descriptor can be read, in a call that can be suspended.</summary>
    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default) => new(Errno.ESPIPE);

    public Descriptor Open(Rights rights, FdFlags flags, DescriptorSource? source) => new QuestionDescriptor(question, rights, flags) { Source = source };
}
