using Fermata.Emscripten.Contexts;
using Fermata.Emscripten.DynamicLinking;
using Fermata.Emscripten.ForeignFunctions;
using Fermata.Emscripten.Functions;
using Fermata.Emscripten.Locks;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Emscripten;

/// <summary>What one running program has: data of its store, in which the functions that it imports find it.</summary>
internal sealed class EmscriptenContext : IAsyncDisposable
{
    private readonly TaskCompletionSource _endedBeside = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EmscriptenContext(EmscriptenHost host, WasiContext wasi, DirectoryHandle root)
    {
        (Wasi, Root, TimeZone, ProgramName) = (wasi, new SharedDirectory(root), host.TimeZone, host.Settings.ProgramName);
        (WorkingDirectory, Error) = (host.WorkingDirectory, host.Settings.Error);
        wasi.Descriptors.Closing = Locks.CloseAsync;
    }

    /// <summary>File descriptors, streams, clock, random numbers: all that WASI's functions need, some of which such programs import.</summary>
    public WasiContext Wasi { get; }

    /// <summary>The directory that the program sees as <c>/</c>.</summary>
    public SharedDirectory Root { get; }

    /// <summary>The working directory: an absolute path without symbolic links.</summary>
    public string WorkingDirectory { get; set; }

    public TimeZoneInfo TimeZone { get; }

    public string ProgramName { get; }

    /// <summary>The permissions that a new file or directory does not get (<c>umask</c>).</summary>
    public int FileModeMask { get; set; } = 0b000_010_010;

    /// <summary>The permissions that the program sees.</summary>
    public FileModes Modes { get; } = new();

    /// <summary>What the program has mapped to memory.</summary>
    public MappedFiles Mappings { get; } = new();

    /// <summary>What the program has locked.</summary>
    public ProgramLocks Locks { get; } = new();

    /// <summary>The timers of the program.</summary>
    public IntervalTimers Timers { get; } = new();

    /// <summary>The protocols that the program has been told of.</summary>
    public ProtocolEntries Protocols { get; } = new();

    /// <summary>Standard error, for what is not written by the program's own code.</summary>
    public OutputStream Error { get; }

    /// <summary>Whether the program lives on when <c>main</c> has returned: while there are reasons for it.</summary>
    public int KeepAlive { get; set; }

    /// <summary>Whether the program has called <c>exit</c>, so that what is registered for its end is to run.</summary>
    public bool IsExiting { get; set; }

    /// <summary>What the program exports: nothing before it has been instantiated.</summary>
    public ProgramExports Exports { get; set; } = ProgramExports.None;

    /// <summary>The memory of the program; null before it has been instantiated.</summary>
    public Memory? Memory { get; set; }

    /// <summary>The functions to which the program has pointers; null if it keeps them for itself.</summary>
    public FunctionTable? Functions { get; set; }

    /// <summary>The contexts of <c>makecontext</c>.</summary>
    public UserContexts Contexts { get; } = new();

    /// <summary>Links libraries with the program; set before anything of it runs.</summary>
    public DynamicLinker? Libraries { get; set; }

    /// <summary>What the program uses of libffi; set before anything of it runs.</summary>
    public ForeignTypes? ForeignTypes { get; set; }

    /// <summary>Fails when code that ran beside the program's calls has ended the program.</summary>
    public Task EndedBeside => _endedBeside.Task;

    /// <summary>The context of the store whose code calls.</summary>
    public static EmscriptenContext Of(Caller caller) => caller.Store.GetData<EmscriptenContext>();

    /// <summary>Opens what a program is given.</summary>
    /// <exception cref="IOException">A directory cannot be opened.</exception>
    public static async ValueTask<EmscriptenContext> OpenAsync(EmscriptenHost host, CancellationToken cancellationToken)
    {
        var wasi = await WasiContext.OpenAsync(host.Settings, [], 0, Errno.EBADF, state: null, cancellationToken).ConfigureAwait(false);
        EmscriptenContext? context = null;
        try
        {
            var root = await ProgramFiles.Of(host.Settings).OpenRootAsync(cancellationToken).ConfigureAwait(false);
            if (!root.TryGet(out var directory))
                throw new IOException($"The root directory of the program cannot be opened: {root.Error}.");
            context = new EmscriptenContext(host, wasi, directory);
            foreach (var (path, mode) in host.FileModes)
                await context.SayModeAsync(path, mode, cancellationToken).ConfigureAwait(false);
            return context;
        }
        catch
        {
            await ((IAsyncDisposable?)context ?? wasi).DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What an image of the program could not have; null if there is nothing.</summary>
    public string? FindObstacle() =>
        Wasi.Descriptors.HasAfter(2) ? "a file is open"
        : Mappings.Any ? "a file is mapped to memory"
        : Timers.Any ? "a timer runs"
        : Contexts.Any ? "it has contexts of makecontext"
        : Modes.HasChanged ? "it has changed permissions that the host gave files"
        : Protocols.Any ? "it has asked for protocols"
        : Libraries!.Any ? "it has loaded libraries"
        : Functions is { AddedByHost: > 0 } ? "it was given functions to call through pointers"
        : null;

    /// <summary>The absolute path of one that a program names.</summary>
    /// <param name="directory">The file descriptor of the directory from which it is seen, or <see cref="PathFunctions.WorkingDirectory"/>.</param>
    /// <param name="path">The path, or why there is none.</param>
    public Result<string> ToAbsolute(int directory, Result<string> path)
    {
        if (!path.TryGet(out var text))
            return path.Error;
        if (text.StartsWith('/'))
            return text;
        if (text.Length == 0)
            return Errno.ENOENT;
        if (directory == PathFunctions.WorkingDirectory)
            return WorkingDirectory + '/' + text;
        var error = Wasi.Descriptors.Peek(directory, Rights.None, out var descriptor);
        return error != Errno.None ? error
            : descriptor is DirectoryDescriptor { Path: { } start } ? start + '/' + text
            : Errno.ENOTDIR;
    }

    /// <summary>The permissions of a file or directory for which the program says some when it is made.</summary>
    public UnixFileMode ToNewMode(int mode) => (UnixFileMode)(mode & ~FileModeMask) & FileModes.All;

    private async ValueTask SayModeAsync(string path, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var status = await PathFunctions.StatusAsync(this, path, cancellationToken).ConfigureAwait(false);
        if (!status.TryGet(out var found))
            throw new IOException($"The permissions of {path} cannot be set, as the program sees no such file: {status.Error}.");
        Modes.Say(found, mode);
    }

    /// <summary>Runs code of the program that no call waits for; what it throws ends the program.</summary>
    public async void RunBeside(Func<Task> code)
    {
        try
        {
            await code().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _endedBeside.TrySetException(e);
        }
    }

    public ValueTask DisposeAsync() => EndAsync(CancellationToken.None);

    /// <summary>Closes what is open; what is left in the streams is not waited for by a program that is cancelled.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        Timers.Dispose();
        Libraries?.Dispose();
        _endedBeside.TrySetResult();
        try
        {
            foreach (var file in Mappings.RemoveAll())
                await Fermata.Wasi.Functions.HostCall.ReleaseAsync(file).ConfigureAwait(false);
            await Wasi.EndAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Locks.Dispose();
            await Root.DisposeAsync().ConfigureAwait(false);
        }
    }
}
