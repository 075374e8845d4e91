using System.Text;
using Fermata.Emscripten.Linking;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary><c>dlopen</c> and <c>dlsym</c>, as far as they are not the program's own code, which keeps a <c>struct dso</c> for each library: its handle.</summary>
internal static class LibraryFunctions
{
    private const int FlagsOffset = 4, AllocatedOffset = 8, MemoryOffset = 12, MemorySizeOffset = 16, TableOffset = 20, TableSizeOffset = 24, NameOffset = 36;

    private const int IsGlobal = 0x100;

    /// <summary>Reads and compiles a library, and those that it needs.</summary>
    /// <returns>The libraries that are to be linked, those that others need before them; or why one cannot be.</returns>
    public static async ValueTask<LoadedLibraries> DlOpen(Caller caller, int handle, CancellationToken cancellationToken)
    {
        var context = EmscriptenContext.Of(caller);
        var path = GuestText.Read(caller, handle + NameOffset) ?? "";
        var libraries = new LoadedLibraries([], null);
        try
        {
            await LoadAsync(context, path, libraries.Modules, cancellationToken).ConfigureAwait(false);
            return libraries;
        }
        catch (Exception e) when (IsFault(e) && !cancellationToken.IsCancellationRequested)
        {
            return libraries with { Error = $"could not load dynamic lib: {path}\n{e.Message}" };
        }
    }

    /// <summary>Links what was read.</summary>
    /// <returns>1, or 0 after an error, of which <c>dlerror</c> tells.</returns>
    public static int CompleteDlOpen(Caller caller, LoadedLibraries loaded, int handle)
    {
        if (loaded.Error is not null)
            return Fail(caller, loaded.Error);
        var isGlobal = (caller.Read<int>(handle + FlagsOffset) & IsGlobal) != 0;
        try
        {
            var linker = EmscriptenContext.Of(caller).Linker;
            Library? library = null;
            foreach (var (path, module) in loaded.Modules)
            {
                library = linker.FindLibrary(path) ?? linker.Link(path, module);
                library.IsGlobal |= isGlobal;
            }

            linker.Open(handle, library!, isGlobal);
            Describe(caller, handle, library!);
            return 1;
        }
        catch (Exception e) when (IsFault(e))
        {
            return Fail(caller, $"could not load dynamic lib: {GuestText.Read(caller, handle + NameOffset)}\n{e.Message}");
        }
    }

    /// <summary>A pointer to a symbol; null after an error, of which <c>dlerror</c> tells.</summary>
    public static int DlSym(Caller caller, int handle, int symbol, int symbolIndex)
    {
        var name = GuestText.Read(caller, symbol) ?? "";
        try
        {
            return EmscriptenContext.Of(caller).Linker.Find(handle, name) ?? Fail(caller, $"Tried to lookup unknown symbol \"{name}\" in dynamic lib");
        }
        catch (Exception e) when (IsFault(e))
        {
            return Fail(caller, e.Message);
        }
    }

    /// <summary>Whether something is wrong with the library, or there is no room for it: all but what ends the program or the call.</summary>
    private static bool IsFault(Exception e) => e is not (TrapException or WasmException or WasmExitException or OperationCanceledException or ObjectDisposedException);

    /// <summary>Reads and compiles libraries, each behind those that it needs.</summary>
    private static async Task LoadAsync(EmscriptenContext context, string path, List<(string Path, SideModule Module)> loaded, CancellationToken cancellationToken)
    {
        if (loaded.Exists(library => library.Path == path))
            return;
        var bytes = await ReadAsync(context, path, cancellationToken).ConfigureAwait(false);
        var module = context.Linker.Compile(bytes, cancellationToken);

        // A library that needs one that needs it again is linked without it.
        var place = loaded.Count;
        loaded.Add((path, module));
        foreach (var needed in module.Section.Needed)
            await LoadAsync(context, needed.Contains('/', StringComparison.Ordinal) ? needed : path[..(path.LastIndexOf('/') + 1)] + needed, loaded, cancellationToken).ConfigureAwait(false);
        loaded.RemoveAt(place);
        loaded.Add((path, module));
    }

    private static async Task<byte[]> ReadAsync(EmscriptenContext context, string path, CancellationToken cancellationToken)
    {
        var read = await PathFunctions.ReadFileAsync(context, path, context.Linker.MaxModuleBytes, cancellationToken).ConfigureAwait(false);
        return read.TryGet(out var bytes) ? bytes : throw new IOException($"{path} cannot be read: {read.Error}");
    }

    /// <summary>Fills in what the program's code keeps of a library.</summary>
    private static void Describe(Caller caller, int handle, Library library)
    {
        caller.Write<byte>(handle + AllocatedOffset, 1);
        caller.Write(handle + MemoryOffset, library.MemoryBase);
        caller.Write(handle + MemorySizeOffset, library.Section.MemorySize);
        caller.Write(handle + TableOffset, library.TableBase);
        caller.Write(handle + TableSizeOffset, library.Section.TableSize);
    }

    /// <summary>Sets what <c>dlerror</c> tells: <c>__dl_seterr</c> takes a format and its arguments.</summary>
    private static int Fail(Caller caller, string message)
    {
        var exports = EmscriptenContext.Of(caller).Exports;
        if (exports.Find("__dl_seterr") is not { } setError || exports.Find("malloc") is not { } allocate || exports.Find("free") is not { } free)
            return 0;
        var text = Encoding.UTF8.GetBytes($"%s\0{message}\0");
        var address = allocate.Invoke(sizeof(int) + text.Length)[0].AsI32();
        if (address == 0)
            return 0;
        text.CopyTo(caller.GetSpan(address + sizeof(int), text.Length));
        caller.Write(address, address + sizeof(int) + "%s\0".Length);
        setError.Invoke(address + sizeof(int), address);
        free.Invoke(address);
        return 0;
    }

    /// <summary>What was read and compiled.</summary>
    /// <param name="Modules">The libraries, by their paths.</param>
    /// <param name="Error">Why there is nothing to link; null if there is.</param>
    internal sealed record LoadedLibraries(List<(string Path, SideModule Module)> Modules, string? Error);
}
