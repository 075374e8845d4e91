using System.Buffers;
using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>Files in memory: they are read when they are mapped, and written when that ends or the program asks for it.</summary>
internal static class MapFunctions
{
    private const int Alignment = 64 * 1024;

    private const int Writes = 2;

    private const int Shared = 1, KindOfSharing = 3;

    public static async ValueTask<Result<Mapping>> Mmap(
        Caller caller, int length, int protection, int flags, int fd, long offset, int allocated, int address, CancellationToken cancellationToken)
    {
        var context = EmscriptenContext.Of(caller);
        if (length == 0 || offset < 0 || offset % Alignment % 4096 != 0)
            return Errno.EINVAL;
        var error = context.Wasi.Descriptors.Use(fd, Rights.None, out var descriptor);
        if (error != Errno.None)
            return error;
        var isKept = false;
        byte[]? content = null;
        try
        {
            if (descriptor is not FileDescriptor)
                return Errno.ENODEV;
            var needsWriting = (protection & Writes) != 0 && (flags & KindOfSharing) == Shared;
            if ((descriptor.Rights & Rights.FdRead) == 0 || (needsWriting && (descriptor.Rights & Rights.FdWrite) == 0))
                return Errno.EACCES;

            // Before anything is read, so that what is read takes no more than the memory has room for.
            var place = Allocate(caller, context, length);
            if (place == 0)
                return Errno.ENOMEM;
            var status = await descriptor.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            var rest = status.TryGet(out var found) ? Math.Max(0, found.Length - offset) : 0;
            var wanted = (int)Math.Min(Math.Min(rest, (uint)length), Array.MaxLength);
            content = ArrayPool<byte>.Shared.Rent(wanted);
            var read = await descriptor.ReadAsync(content.AsMemory(0, wanted), offset, cancellationToken).ConfigureAwait(false);
            if (!read.TryGet(out var count))
                return read.Error;
            context.Mappings.Add(place, descriptor);
            isKept = true;
            return new Mapping(place, content, count);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HostCall.ErrorOf(e);
        }
        finally
        {
            if (!isKept)
            {
                await HostCall.ReleaseAsync(descriptor).ConfigureAwait(false);
                if (content is not null)
                    ArrayPool<byte>.Shared.Return(content);
            }
        }
    }

    public static int CompleteMmap(Caller caller, Result<Mapping> mapped, int length, int protection, int flags, int fd, long offset, int allocated, int address)
    {
        if (!mapped.TryGet(out var mapping))
            return -(int)mapped.Error;
        var copy = new GuestCopy(caller);
        copy.Copy(mapping.Content.AsSpan(0, mapping.Count), caller.GetSpan(mapping.Address, (uint)mapping.Count));
        ArrayPool<byte>.Shared.Return(mapping.Content);
        caller.GetSpan((ulong)mapping.Address + (uint)mapping.Count, (uint)length - (uint)mapping.Count).Clear();
        caller.Write(allocated, 1);
        caller.Write(address, mapping.Address);
        return 0;
    }

    public static async ValueTask<int> Munmap(
        Caller caller, int address, int length, int protection, int flags, int fd, long offset, CancellationToken cancellationToken)
    {
        var context = EmscriptenContext.Of(caller);
        if (context.Mappings.Remove((uint)address) is not { } file)
            return -(int)Errno.EINVAL;
        try
        {
            return (protection & Writes) == 0 ? 0 : await WriteBackAsync(caller, file, address, length, flags, offset, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await HostCall.ReleaseAsync(file).ConfigureAwait(false);
        }
    }

    public static ValueTask<int> Msync(Caller caller, int address, int length, int protection, int flags, int fd, long offset, CancellationToken cancellationToken) =>
        EmscriptenContext.Of(caller).Mappings.Find((uint)address) is not { } file ? new(-(int)Errno.EINVAL)
            : (protection & Writes) == 0 ? new(0)
            : WriteBackAsync(caller, file, address, length, flags, offset, cancellationToken);

    private static uint Allocate(Caller caller, EmscriptenContext context, int length)
    {
        var rounded = ((ulong)(uint)length + Alignment - 1) / Alignment * Alignment;
        if (rounded > int.MaxValue || context.Exports.Find("emscripten_builtin_memalign", "memalign") is not { } allocator)
            return 0;
        var address = (uint)allocator.Invoke(Alignment, (int)rounded)[0].AsI32();

        // The rest of the last page is zero, too.
        if (address != 0)
            caller.GetSpan(address, (uint)rounded).Clear();
        return address;
    }

    /// <summary>Writes a mapping to its file, which does not become longer by that.</summary>
    private static async ValueTask<int> WriteBackAsync(
        Caller caller, Descriptor file, int address, int length, int flags, long offset, CancellationToken cancellationToken)
    {
        if ((flags & KindOfSharing) != Shared)
            return 0;
        var span = caller.GetSpan(address, length);
        var content = ArrayPool<byte>.Shared.Rent(span.Length);
        try
        {
            var copied = span.Length;
            new GuestCopy(caller).Copy(span, content);
            var status = await file.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            if (!status.TryGet(out var found))
                return -(int)status.Error;
            var count = (int)Math.Min(copied, Math.Max(0, found.Length - offset));
            var written = count == 0 ? 0 : await file.WriteAsync(content.AsMemory(0, count), offset, cancellationToken).ConfigureAwait(false);
            return -(int)written.Error;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return -(int)HostCall.ErrorOf(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    /// <summary>A file that has been read to be mapped.</summary>
    /// <param name="Address">Where it goes to.</param>
    /// <param name="Content">A rented array with what was read.</param>
    /// <param name="Count">How much was read.</param>
    internal readonly record struct Mapping(uint Address, byte[] Content, int Count);
}
