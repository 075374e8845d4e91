using System.Collections.Concurrent;
using System.Text;

namespace Fermata.Samples.SqliteAsync;

/// <summary>SQLite's interface to an operating system (<c>sqlite3_vfs</c> and <c>sqlite3_io_methods</c>), on that of this sample.</summary>
internal sealed class VfsRelay(ISqliteVfs vfs) : IAsyncDisposable
{
    /// <summary>The methods, in the order of the bits that tell wa-sqlite of them; all others are those of SQLite's own operating system.</summary>
    private static readonly string[] Bits =
    [
        "xOpen", "xDelete", "xAccess", "xFullPathname", "xRandomness", "xSleep", "xCurrentTime", "xGetLastError", "xCurrentTimeInt64", "xClose", "xRead", "xWrite", "xTruncate",
        "xSync", "xFileSize", "xLock", "xUnlock", "xCheckReservedLock", "xFileControl", "xSectorSize", "xDeviceCharacteristics",
    ];

    private static readonly string[] Own = ["xRandomness", "xCurrentTime", "xGetLastError", "xCurrentTimeInt64"];

    private const int SectorBytes = 4096;

    private readonly ConcurrentDictionary<int, ISqliteFile> _files = [];

    /// <summary>Which methods there are.</summary>
    public static int Mask { get; } = Bits.Index().Where(bit => !Own.Contains(bit.Item)).Sum(bit => 1 << bit.Index);

    /// <summary>Calls a method.</summary>
    public ValueTask<Answer> CallAsync(Caller caller, string method, ReadOnlySpan<long> arguments, CancellationToken cancellationToken)
    {
        // The first is the file system or the file, the second, of those of the file system, a name.
        var target = (int)arguments[0];
        var (second, third, fourth, fifth) = (At(arguments, 1), At(arguments, 2), At(arguments, 3), At(arguments, 4));
        return method switch
        {
            "xOpen" => OpenAsync(target: (int)third, second == 0 ? null : NameAt(caller, second), (OpenFlags)fourth, (int)fifth, cancellationToken),
            "xDelete" => DeleteAsync(NameAt(caller, second), cancellationToken),
            "xAccess" => ExistsAsync(NameAt(caller, second), (int)fourth, cancellationToken),
            "xFullPathname" => new(FullName(NameAt(caller, second), (int)third, (int)fourth)),
            "xSleep" => SleepAsync((int)second, cancellationToken),
            "xClose" => CloseAsync(target),
            "xRead" => ReadAsync(_files[target], (int)second, (int)third, fourth, cancellationToken),
            "xWrite" => WriteAsync(_files[target], caller.Memory.GetSpan((int)second, (int)third).ToArray(), fourth, cancellationToken),
            "xTruncate" => Guard(ResultCode.IoErrorTruncate, _files[target], second, (file, length) => file.TruncateAsync(length, cancellationToken)),
            "xSync" => Guard(ResultCode.IoErrorSync, _files[target], 0, (file, _) => file.SyncAsync(cancellationToken)),
            "xFileSize" => LengthAsync(_files[target], (int)second, cancellationToken),
            "xLock" => LockAsync(_files[target], (LockLevel)second, cancellationToken),
            "xUnlock" => Guard(ResultCode.IoErrorUnlock, _files[target], (LockLevel)second, (file, level) => file.UnlockAsync(level, cancellationToken)),
            "xCheckReservedLock" => IsReservedAsync(_files[target], (int)second, cancellationToken),
            "xSectorSize" => new(new Answer((ResultCode)SectorBytes)),
            "xDeviceCharacteristics" => new(new Answer(0)),
            _ => new(new Answer(ResultCode.NotFound)),
        };
    }

    /// <summary>Closes what SQLite has left open, as an operating system does when a process ends.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var file in _files.Values)
            await file.DisposeAsync();
        _files.Clear();
    }

    private static long At(ReadOnlySpan<long> arguments, int index) => index < arguments.Length ? arguments[index] : 0;

    private static string NameAt(Caller caller, long address) => caller.Memory.ReadUtf8((int)address);

    /// <summary>Names are as they were given to SQLite.</summary>
    private static Answer FullName(string name, int room, int address)
    {
        var bytes = Encoding.UTF8.GetBytes(name + '\0');
        return bytes.Length > room ? new Answer(ResultCode.CantOpen) : new Answer(ResultCode.Ok, caller => bytes.CopyTo(caller.Memory.GetSpan(address, room)));
    }

    private static async ValueTask<Answer> SleepAsync(int microseconds, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMicroseconds(microseconds), cancellationToken);
        return new Answer((ResultCode)microseconds);
    }

    private static ValueTask<Answer> ReadAsync(ISqliteFile file, int address, int length, long offset, CancellationToken cancellationToken) =>
        Guard(ResultCode.IoErrorRead, async () =>
        {
            // What is beyond the end of the file is zero to SQLite.
            var buffer = new byte[length];
            var read = await file.ReadAsync(buffer, offset, cancellationToken);
            return new Answer(read < length ? ResultCode.IoErrorShortRead : ResultCode.Ok, caller => buffer.CopyTo(caller.Memory.GetSpan(address, length)));
        });

    private static ValueTask<Answer> WriteAsync(ISqliteFile file, byte[] bytes, long offset, CancellationToken cancellationToken) =>
        Guard(ResultCode.IoErrorWrite, file, (bytes, offset), (file, what) => file.WriteAsync(what.bytes, what.offset, cancellationToken));

    private static ValueTask<Answer> LengthAsync(ISqliteFile file, int result, CancellationToken cancellationToken) =>
        Guard(ResultCode.IoErrorLength, async () =>
        {
            var length = await file.GetLengthAsync(cancellationToken);
            return new Answer(ResultCode.Ok, caller => caller.Memory.Write(result, length));
        });

    private static ValueTask<Answer> LockAsync(ISqliteFile file, LockLevel level, CancellationToken cancellationToken) =>
        Guard(ResultCode.IoErrorLock, async () => new Answer(await file.TryLockAsync(level, cancellationToken) ? ResultCode.Ok : ResultCode.Busy));

    private static ValueTask<Answer> IsReservedAsync(ISqliteFile file, int result, CancellationToken cancellationToken) =>
        Guard(ResultCode.IoErrorReserved, async () =>
        {
            var isReserved = await file.IsReservedAsync(cancellationToken);
            return new Answer(ResultCode.Ok, caller => caller.Memory.Write(result, isReserved ? 1 : 0));
        });

    private static ValueTask<Answer> Guard<T>(ResultCode failure, ISqliteFile file, T argument, Func<ISqliteFile, T, ValueTask> act) =>
        Guard(failure, async () =>
        {
            await act(file, argument);
            return new Answer(ResultCode.Ok);
        });

    /// <summary>Makes a result code of what is thrown.</summary>
    private static async ValueTask<Answer> Guard(ResultCode failure, Func<Task<Answer>> act)
    {
        try
        {
            return await act();
        }
        catch (SqliteException e)
        {
            return new Answer(e.Code);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Answer(failure);
        }
    }

    private ValueTask<Answer> OpenAsync(int target, string? name, OpenFlags flags, int resultFlags, CancellationToken cancellationToken) =>
        Guard(ResultCode.CantOpen, async () =>
        {
            _files[target] = await vfs.OpenAsync(name, flags, cancellationToken);
            return new Answer(ResultCode.Ok, caller =>
            {
                if (resultFlags != 0)
                    caller.Memory.Write(resultFlags, (int)flags);
            });
        });

    private ValueTask<Answer> DeleteAsync(string name, CancellationToken cancellationToken) =>
        Guard(ResultCode.IoErrorDelete, async () =>
        {
            await vfs.DeleteAsync(name, cancellationToken);
            return new Answer(ResultCode.Ok);
        });

    private ValueTask<Answer> ExistsAsync(string name, int result, CancellationToken cancellationToken) =>
        Guard(ResultCode.IoErrorAccess, async () =>
        {
            var exists = await vfs.ExistsAsync(name, cancellationToken);
            return new Answer(ResultCode.Ok, caller => caller.Memory.Write(result, exists ? 1 : 0));
        });

    private ValueTask<Answer> CloseAsync(int target) =>
        Guard(ResultCode.IoErrorClose, async () =>
        {
            if (_files.TryRemove(target, out var file))
                await file.DisposeAsync();
            return new Answer(ResultCode.Ok);
        });
}
