using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;
using Fermata.Wasi;

namespace Fermata.Durable;

/// <summary>
/// An open file that is a question. What is written is the request, the next read asks it and waits for the answer, which begins where that read is; the next write begins another request. If the host's
/// function failed, the read that waits for it fails (<see cref="Errno.EIO"/>), and the message is what the next ones read.
/// </summary>
/// <remarks>All that changes does so in a turn of the program: a snapshot has the question with a read that waits, or the answer, and the read that has it.</remarks>
internal sealed class QuestionDescriptor(Question question, Rights rights, FdFlags flags) : Descriptor(FileType.RegularFile, rights, Rights.None, flags)
{
    /// <summary>How long a request, or an answer, may be: they are in each snapshot until the file is closed.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>Where an answer may begin.</summary>
    private const long MostPosition = long.MaxValue - MostBytes;

    private const byte Asking = 0;
    private const byte Answered = 1;
    private const int HeaderBytes = 1 + sizeof(long);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _request = new();

    /// <summary>The answer; null if the next read asks.</summary>
    private byte[]? _answer;

    /// <summary>Where the answer begins.</summary>
    private long _start;

    public override bool IsReadRepeatable => true;

    public override byte[] State
    {
        get
        {
            var content = _answer ?? _request.WrittenSpan.ToArray();
            var state = new byte[HeaderBytes + content.Length];
            state[0] = _answer is null ? Asking : Answered;
            BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(1), _start);
            content.CopyTo(state, HeaderBytes);
            return state;
        }
    }

    private long End => _start + (_answer?.Length ?? 0);

    public override bool TryRestore(byte[] state)
    {
        if (state.Length is < HeaderBytes or > HeaderBytes + MostBytes || state[0] is not (Asking or Answered))
            return false;
        _start = BinaryPrimitives.ReadInt64LittleEndian(state.AsSpan(1));
        if (_start is < 0 or > MostPosition)
            return false;
        if (state[0] == Answered)
            _answer = state[HeaderBytes..];
        else
            _request.Write(state.AsSpan(HeaderBytes));
        return true;
    }

    public override async ValueTask<Result<Taken>> TakeAsync(Caller caller, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.Length == 0)
            return new Taken(0, null);
        if (_answer is not null)
            return new Taken(ReadAnswer(buffer.Span), null);
        if (Position > MostPosition)
            return Errno.EOVERFLOW;
        if (!TryGetRequest(out var request))
            return Errno.EINVAL;
        var store = caller.Store.GetData<RunningStore>();
        long? due = question.Delay is { } delay ? store.After((long)Math.Ceiling(delay(request).TotalMilliseconds)) : null;
        var wait = (Wait)await store.Begin(caller.CallKey, question.Function, new Asked(request, question.Event, due)).WaitAsync(cancellationToken).ConfigureAwait(false);
        var answer = Encoding.UTF8.GetBytes(wait.Result ?? wait.Failure!);
        if (answer.Length > MostBytes)
            answer = Encoding.UTF8.GetBytes($"The answer has {answer.Length} bytes, and may have {MostBytes}.");
        else if (wait.Failure is null)
            return Deliver(wait, answer, buffer.Span);
        return new Taken(Errno.EIO, new Arrival(this, wait, answer, 0));
    }

    /// <summary>The place is that of a file which grows; what is before the answer cannot be read.</summary>
    public override ValueTask<Result<long>> SeekAsync(long offset, Whence whence, CancellationToken cancellationToken)
    {
        long? start = whence switch { Whence.Set => 0, Whence.Cur => Position, Whence.End => End, _ => null };
        if (start is null)
            return new(Errno.EINVAL);
        var position = unchecked(start.Value + offset);
        if (position < 0)
            return new(offset < 0 ? Errno.EINVAL : Errno.EOVERFLOW);
        return new(Position = position);
    }

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_answer is not null)
            Reset();
        if (_request.WrittenCount + buffer.Length > MostBytes)
            return new(Errno.EFBIG);
        _request.Write(buffer.Span);
        Position = Math.Min(Position, MostPosition) + buffer.Length;
        return new(buffer.Length);
    }

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.ESPIPE);

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.ESPIPE);

    public override Errno Advise() => Errno.None;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken) => new(QuestionFile.Status);

    /// <summary>A request that was not asked yet may be dropped.</summary>
    public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken)
    {
        if (length != 0)
            return new(Errno.EINVAL);
        Reset();
        return new(Errno.None);
    }

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken) => new(Errno.None);

    public override ValueTask<Result<Readiness>> WaitReadableAsync(CancellationToken cancellationToken) => new(default(Readiness));

    public override ValueTask<Result<Readiness>> WaitWritableAsync(CancellationToken cancellationToken) => new(default(Readiness));

    private Taken Deliver(Wait wait, byte[] answer, Span<byte> buffer)
    {
        var count = Math.Min(answer.Length, buffer.Length);
        answer.AsSpan(0, count).CopyTo(buffer);
        return new Taken(count, new Arrival(this, wait, answer, count));
    }

    private Result<int> ReadAnswer(Span<byte> buffer)
    {
        var place = Position - _start;
        if (place < 0)
            return Errno.EINVAL;
        if (place >= _answer!.Length)
            return 0;
        var rest = _answer.AsSpan((int)place);
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        Position += rest.Length;
        return rest.Length;
    }

    private void Reset()
    {
        _answer = null;
        _start = 0;
        _request.Clear();
    }

    /// <summary>What was written, if it is JSON; nothing written is null in JSON.</summary>
    private bool TryGetRequest(out string request)
    {
        request = "null";
        if (_request.WrittenCount == 0)
            return true;
        try
        {
            request = StrictUtf8.GetString(_request.WrittenSpan);
            JsonDocument.Parse(request).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>An answer on its way to the read that waits for it.</summary>
    private sealed class Arrival(QuestionDescriptor descriptor, Wait wait, byte[] answer, int count) : IDelivery
    {
        public bool TryArrive()
        {
            wait.Arrive();
            descriptor.Reset();
            descriptor._answer = answer;
            descriptor._start = descriptor.Position;
            descriptor.Position += count;
            return true;
        }
    }
}
