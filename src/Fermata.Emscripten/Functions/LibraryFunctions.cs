using System.Text;
using Fermata.Emscripten.Abi;
using Fermata.Emscripten.DynamicLinking;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>What <c>dlopen</c> and <c>dlsym</c> of the C library leave to their host. That has a <c>struct dso</c> for each library, whose address is the handle.</summary>
internal static class LibraryFunctions
{
    public static ValueTask<Opened> Open(Caller caller, int handle, CancellationToken cancellationToken) =>
        OpenAsync(EmscriptenContext.Of(caller).Libraries!, handle, SharedObject.Read(caller, handle), new StoreCalls(caller.CanSuspend, cancellationToken));

    /// <summary>Returns zero for a failure, of which <c>dlerror</c> tells.</summary>
    public static int CompleteOpen(Caller caller, Opened opened, int handle)
    {
        if (opened.Library is { } library)
        {
            SharedObject.Write(caller, handle, library);
            return 1;
        }

        SetError(caller, $"could not load dynamic lib: {SharedObject.ReadName(caller, handle)}\n{opened.Error}");
        return 0;
    }

    /// <summary>As <see cref="Open"/>, but that the program goes on at once, and is called back.</summary>
    public static void OpenBeside(Caller caller, int handle, int succeeded, int failed, int userData)
    {
        var context = EmscriptenContext.Of(caller);
        var (libraries, request) = (context.Libraries!, SharedObject.Read(caller, handle));
        context.KeepAlive++;
        context.RunBeside(async () =>
        {
            // The program is called back later in any case.
            await Task.Yield();
            var opened = await OpenAsync(libraries, handle, request, new StoreCalls(IsPromising: true, CancellationToken.None)).ConfigureAwait(false);
            await libraries.Turn.RunAsync(
                () =>
                {
                    CompleteOpen(caller, opened, handle);
                    context.KeepAlive--;
                },
                CancellationToken.None).ConfigureAwait(false);
            await libraries.FunctionAt(opened.Library is null ? failed : succeeded).InvokeAsync(handle, userData).ConfigureAwait(false);
        });
    }

    /// <summary>Returns the address, or zero for a failure, of which <c>dlerror</c> tells.</summary>
    public static int Symbol(Caller caller, int handle, int symbol, int index)
    {
        var libraries = EmscriptenContext.Of(caller).Libraries!;
        var (library, name) = (libraries.Find(handle), GuestText.Read(caller, symbol) ?? "");
        try
        {
            if (libraries.FindAddress(library, name) is { } address)
                return (int)address;
            SetError(caller, $"Tried to lookup unknown symbol \"{name}\" in dynamic lib: {library?.Name ?? "the program"}");
        }
        catch (InvalidOperationException e)
        {
            SetError(caller, e.Message);
        }

        return 0;
    }

    private static async ValueTask<Opened> OpenAsync(DynamicLinker libraries, int handle, LibraryRequest request, StoreCalls calls)
    {
        try
        {
            var library = await libraries.LoadAsync(request, calls).ConfigureAwait(false);
            libraries.Name(handle, library);
            return new Opened(library, null);
        }
        catch (DynamicLinkException e)
        {
            return new Opened(null, e.Message);
        }
    }

    /// <summary>Sets what <c>dlerror</c> returns. The text is a format of <c>printf</c> there.</summary>
    private static void SetError(Caller caller, string text)
    {
        var exports = EmscriptenContext.Of(caller).Exports;
        if (exports.Find("__dl_seterr") is not { } setError)
            return;
        var bytes = Encoding.UTF8.GetBytes(text.Replace("%", "%%", StringComparison.Ordinal) + '\0');
        var address = (int)GuestHeap.Allocate(caller, bytes.Length);
        if (address == 0)
            return;
        bytes.CopyTo(caller.GetSpan(address, bytes.Length));
        setError.Invoke(address, 0);
        exports.Find("free")?.Invoke(address);
    }

    /// <summary>What came of loading a library: that, or why it is not there.</summary>
    internal readonly record struct Opened(Library? Library, string? Error);
}
