namespace Fermata.Wasi;

/// <summary>The shared memories that a program with threads imports. Each run has its own.</summary>
internal sealed class SharedMemories
{
    private readonly ImportType[] _imports;

    /// <summary>Declares and exports them, so that they count for the store and are freed with it, as those that a program declares itself.</summary>
    private readonly Module _declaring;

    private SharedMemories(Engine engine, ImportType[] imports)
    {
        _imports = imports;
        _declaring = Module.Parse(engine, $"(module {string.Concat(imports.Select((import, i) => $"{import.Type} (export \"{i}\" (memory {i}))"))})");
    }

    /// <summary>Those of a program; null if it starts no threads, or has nothing that they could share.</summary>
    public static SharedMemories? Of(Module module)
    {
        if (!module.Imports.Any(import => import is { Module: "wasi", Name: "thread-spawn" }))
            return null;
        var imports = module.Imports.Where(import => import.Type is MemoryType { IsShared: true }).ToArray();
        return imports.Length == 0 ? null : new SharedMemories(module.Engine, imports);
    }

    /// <summary>Makes them for a run.</summary>
    /// <param name="linker">What else the program imports.</param>
    /// <param name="store">The store of the run.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>A linker that has them, too.</returns>
    public async Task<Linker> LinkAsync(Linker linker, Store store, CancellationToken cancellationToken)
    {
        var own = new Linker(linker) { AllowRedefinition = true };
        var instance = await own.InstantiateAsync(store, _declaring, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < _imports.Length; i++)
            own.Define(_imports[i].Module, _imports[i].Name, instance.GetMemory($"{i}"));
        return own;
    }
}
