using System.Collections.Concurrent;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>
/// Links libraries with a running program, as <c>dlopen</c> does: a library is linked after those that it needs, then the data of all is relocated, then their constructors
/// run in the same order. What is kept here is changed by whoever has the lock; what is in the store, on its turn.
/// </summary>
internal sealed class DynamicLinker(Store store, EmscriptenHost host, EmscriptenContext context, CompiledLibraries libraries) : IDisposable
{
    private const int MostLibraries = 1_000;

    private readonly SemaphoreSlim _lock = new(1, 1);
    private readonly Dictionary<string, Library> _libraries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Library> _handles = new();
    private readonly Dictionary<string, Tag> _tags = new(StringComparer.Ordinal);
    private readonly HostSymbols _host = new(store, host, libraries);
    private readonly LibraryFiles _files = new(context, host, store.Engine.Options.MaxModuleBytes);
    private List<Library> _globals = [];
    private MainModule? _main;

    /// <summary>The addresses of symbols.</summary>
    public GlobalOffsetTable Offsets { get; } = new(store);

    /// <summary>Whether a library was loaded.</summary>
    public bool Any => _libraries.Count > 0;

    /// <summary>The functions that are imported before they are defined.</summary>
    public LateFunctions LateFunctions { get; } = new(store, libraries);

    /// <summary>For what is done in the store while no call waits for it there.</summary>
    public StoreTurn Turn { get; } = new(store);

    /// <summary>The main module.</summary>
    /// <exception cref="DynamicLinkException">It is not there yet.</exception>
    public MainModule Main => _main ?? throw new DynamicLinkException("the program is not started yet");

    /// <summary>Tells what the main module has, of which nothing has run yet.</summary>
    public void Attach(MainModule main)
    {
        _main = main;
        Offsets.Fill(symbol => FindAddress(ScopeOf([]), symbol));
    }

    /// <summary>The same of one that begins with an image: the pointers to its functions are there.</summary>
    public void Attach(MainModule main, LinkImage? image)
    {
        _main = main;
        if (image is null)
            return;
        main.Functions.Restore(image.Functions);
        _host.Restore(image.HostFunctions, main);
        Offsets.Restore(image.OpenSymbols);
    }

    /// <summary>What an image keeps for a function of the host; null if it is none to which there is a pointer.</summary>
    public string? SymbolOf(Function function) => _host.SymbolOf(function);

    /// <summary>What is linked, as long as no library is.</summary>
    public LinkImage Capture() => new(Main.Functions.Save(), _host.Pointers(Main), [.. Offsets.Open]);

    /// <summary>Loads a library, unless it is there.</summary>
    /// <exception cref="DynamicLinkException">It cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="TrapException">A constructor trapped.</exception>
    public async ValueTask<Library> LoadAsync(LibraryRequest request, StoreCalls calls)
    {
        var linked = new List<Library>();
        if (calls.IsPromising)
            await _lock.WaitAsync(calls.CancellationToken).ConfigureAwait(false);
        else if (!_lock.Wait(0, CancellationToken.None))
            throw new DynamicLinkException("another library is being loaded, for which this call cannot wait as it cannot be suspended");
        try
        {
            return await LinkAsync(request, linked, [], calls).ConfigureAwait(false) ?? throw new DynamicLinkException($"{request.Name} is needed by itself alone");
        }
        finally
        {
            // Also if what needs them could not be linked: others see them already.
            foreach (var library in linked)
                await RunAsync(library, "__wasm_apply_data_relocs", calls).ConfigureAwait(false);
            _lock.Release();
            foreach (var library in linked)
            {
                await RunAsync(library, "__wasm_call_ctors", calls).ConfigureAwait(false);
                await RunAsync(library, "__post_instantiate", calls).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The address that a symbol has for <c>dlsym</c>; null if there is none.</summary>
    /// <param name="library">The library that is asked, with those that it needs; null for the program.</param>
    /// <param name="symbol">The symbol.</param>
    /// <exception cref="InvalidOperationException">The table has no room for it.</exception>
    public uint? FindAddress(Library? library, string symbol) =>
        library is null ? FindAddress(ScopeOf([]), symbol) : Find(symbol, AddressIn, [.. WithNeeded([library]).Select(found => found.Symbols)]);

    /// <summary>Remembers the handle that the program has for a library.</summary>
    public void Name(int handle, Library library) => _handles[handle] = library;

    /// <summary>The library of a handle; null for the program's own, or one that is not known.</summary>
    public Library? Find(int handle) => _handles.GetValueOrDefault(handle);

    /// <summary>The function that a pointer points to.</summary>
    public Function FunctionAt(int pointer) => Main.Functions.Table.GetFunction(pointer);

    /// <summary>A tag that the main module does not have.</summary>
    public Tag TagOf(string name, FuncType type)
    {
        if (!_tags.TryGetValue(name, out var tag))
            _tags[name] = tag = new Tag(store, [.. type.Parameters]);
        return tag;
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Finds a library, or links it and those that it needs.</summary>
    /// <param name="request">The library.</param>
    /// <param name="linked">Gets those that are linked.</param>
    /// <param name="linking">Those that are to be linked, which need it. They may need each other in a circle.</param>
    /// <param name="calls">How code of the store runs.</param>
    /// <returns>Null if it is one of these.</returns>
    private async ValueTask<Library?> LinkAsync(LibraryRequest request, List<Library> linked, HashSet<string> linking, StoreCalls calls)
    {
        string[] names = [request.Name, .. request.Bytes is null ? _files.PathsOf(request.Name, request.Directories) : []];
        foreach (var (index, name) in names.Index())
        {
            if (linking.Contains(name))
                return null;
            if (_libraries.TryGetValue(name, out var known))
            {
                Share(known, request);
                return known;
            }

            if ((request.Bytes ?? (index == 0 ? null : await ReadAsync(name, calls).ConfigureAwait(false))) is not { } bytes)
                continue;
            linking.Add(name);
            var library = await LinkAsync(name, bytes, request.IsGlobal, linked, linking, calls).ConfigureAwait(false);
            linking.Remove(name);
            return library;
        }

        throw new DynamicLinkException($"{request.Name}: no such file{(names.Length > 2 ? $" in {string.Join(", ", names.Skip(1))}" : "")}");
    }

    private async ValueTask<Library> LinkAsync(string name, ReadOnlyMemory<byte> bytes, bool isGlobal, List<Library> linked, HashSet<string> linking, StoreCalls calls)
    {
        try
        {
            if (_libraries.Count + linking.Count > MostLibraries)
                throw new DynamicLinkException($"the program has {MostLibraries} libraries, which is the most that it may have");
            var module = await calls.RunBesideAsync(() => LibraryModule.Read(store.Engine, name, bytes)).ConfigureAwait(false);
            var needed = new List<Library>();
            foreach (var other in module.Section.Needed)
            {
                var request = new LibraryRequest(other, isGlobal) { Directories = LibraryFiles.Expand(module.Section.RuntimePaths, name) };
                if (await LinkAsync(request, linked, linking, calls).ConfigureAwait(false) is { } found)
                    needed.Add(found);
            }

            var scope = ScopeOf(needed);
            var compiled = await calls.RunBesideAsync(
                () => module.Compile(store.Engine, libraries, symbol => Find(symbol, FunctionIn, scope) is not null, calls.CancellationToken)).ConfigureAwait(false);
            var library = await StartAsync(module, compiled, needed, calls).ConfigureAwait(false);
            _libraries.Add(name, library);
            linked.Add(library);
            Share(library, new LibraryRequest(name, isGlobal));
            return library;
        }
        catch (Exception e) when (e is ModuleException or LinkException or MergeException or NotSupportedException or LoadLimitException or ResourceLimitException
            or InsufficientMemoryException or InvalidOperationException or TrapException or WasmException or SuspendException)
        {
            throw new DynamicLinkException($"{name}: {e.Message}", e);
        }
    }

    private async ValueTask<Library> StartAsync(LibraryModule module, Module compiled, List<Library> needed, StoreCalls calls)
    {
        var memoryBase = await AllocateAsync(module, calls).ConfigureAwait(false);
        var linker = new Linker(store.Engine) { AllowRedefinition = true };
        var tableBase = 0;
        await calls.RunAsync(Turn, () =>
        {
            Main.Memory.GetSpan((int)memoryBase, (int)module.Section.MemorySize).Clear();
            tableBase = Main.Functions.Reserve(module.Section.TableSize, module.Section.TableAlignment);
            new LibraryImports(store, linker, Main, _host, this, symbol => Find(symbol, FunctionIn, ScopeOf(needed)))
                .Define(compiled, memoryBase, tableBase);
        }).ConfigureAwait(false);
        var instance = await calls.InstantiateAsync(linker, store, compiled).ConfigureAwait(false);
        var library = new Library(module.Name, module.Section, instance, memoryBase, tableBase, needed);
        await calls.RunAsync(Turn, () => Publish(library)).ConfigureAwait(false);
        return library;
    }

    /// <summary>Memory for the data of a library, which is never freed.</summary>
    private async ValueTask<uint> AllocateAsync(LibraryModule module, StoreCalls calls)
    {
        if (module.Section.MemorySize == 0)
            return 0;
        var alignment = 1L << module.Section.MemoryAlignment;
        var size = module.Section.MemorySize + alignment;
        var address = size > int.MaxValue ? 0 : (uint)(await calls.CallAsync(Main.RequireFunction("malloc"), (int)size).ConfigureAwait(false))[0].AsI32();
        return address != 0
            ? (uint)((address + alignment - 1) & -alignment)
            : throw new DynamicLinkException($"{module.Name}: there is no memory for its {module.Section.MemorySize} bytes of data");
    }

    /// <summary>Lets those that wait for symbols of a library have them.</summary>
    /// <exception cref="DynamicLinkException">The library uses addresses of symbols that nobody defines.</exception>
    private void Publish(Library library)
    {
        var scope = ScopeOf([library]);
        Offsets.Fill(symbol => FindAddress(scope, symbol));
        var missing = host.TrapsAtUnknownImports ? [] : library.Instance.Module.Imports
            .Where(import => GlobalOffsetTable.Has(import) && Offsets.IsOpen(import.Name) && !library.Section.Weak.Contains(import.Name))
            .Select(import => import.Name).Distinct().ToList();
        if (missing.Count > 0)
            throw new DynamicLinkException($"{library.Name}: symbol not found: {string.Join(", ", missing)}");
        LateFunctions.Fill(symbol => Find(symbol, FunctionIn, scope));
    }

    /// <summary>Makes a library global, and those that it needs, if that is asked for.</summary>
    private void Share(Library library, LibraryRequest request)
    {
        if (!request.IsGlobal)
            return;
        foreach (var shared in WithNeeded([library]).Where(other => !other.IsGlobal).ToList())
        {
            shared.IsGlobal = true;

            // A new list, as others look at it without the lock.
            _globals = [.. _globals, shared];
        }
    }

    /// <summary>Where symbols are looked for: in the program, then in some libraries and those that they need.</summary>
    private IReadOnlyList<SymbolSource> ScopeOf(IReadOnlyList<Library> libraries) => [Main.Symbols, .. WithNeeded([.. _globals, .. libraries]).Select(library => library.Symbols)];

    private uint? FindAddress(IReadOnlyList<SymbolSource> scope, string symbol) =>
        Find(symbol, AddressIn, scope) ?? (Main.FindInGlue(symbol) is { } function ? (uint)Main.Functions.IndexOf(function) : default(uint?)) ?? _host.Find(symbol, Main);

    private uint? AddressIn(SymbolSource source, string symbol) =>
        source.FindData(symbol) ?? (source.FindFunction(symbol) is { } function ? (uint)Main.Functions.IndexOf(function) : null);

    private static Function? FunctionIn(SymbolSource source, string symbol) => source.FindFunction(symbol);

    private static T? Find<T>(string symbol, Func<SymbolSource, string, T?> find, IReadOnlyList<SymbolSource> scope)
    {
        foreach (var source in scope)
        {
            if (find(source, symbol) is { } found)
                return found;
        }

        return default;
    }

    private static List<Library> WithNeeded(IEnumerable<Library> libraries)
    {
        var all = libraries.Distinct().ToList();
        for (var i = 0; i < all.Count; i++)
            all.AddRange(all[i].Needed.Except(all));
        return all;
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string path, StoreCalls calls) =>
        await calls.WaitAsync(_files.ReadAsync(path, calls.CancellationToken)).ConfigureAwait(false);

    private static async ValueTask RunAsync(Library library, string function, StoreCalls calls)
    {
        if (library.Instance.TryGetFunction(function, out var found))
            await calls.CallAsync(found).ConfigureAwait(false);
    }
}
