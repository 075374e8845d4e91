using Fermata.Compilation;
using Fermata.Structure;

namespace Fermata;

public sealed partial class Module
{
    /// <summary>Code is added to a file when it is more than this part of what that has.</summary>
    private const long LeastAddedPart = 8;

    /// <summary>The functions of the module that have been compiled in this process, by their indices, ascending: those that ran, and those that they call. None that came from a <see cref="CodeCache"/>.</summary>
    public IReadOnlyList<int> CompiledFunctions => [.. Code.Made.Order()];

    /// <summary>
    /// Whether it is worth a call of <see cref="FillCodeCacheAsync"/>: the engine has a cache, which can have code of the module and which no process fills, and so much was compiled that its start
    /// would be noticeably shorter with it.
    /// </summary>
    public bool IsCodeCacheBehind =>
        Engine.Options.CodeCache is { } cache && CachedCode.CanHave(cache, Definition, Types)
        && CodeLength(Code.Made) is var made && made > CodeCache.LeastCodeBytes && made > CodeLength(Code.Loaded) / LeastAddedPart && !cache.IsBeingFilled;

    /// <summary>
    /// Makes machine code of the functions that have been compiled so far and of those that came from the cache of the engine, and puts it there for the next load of the module. It
    /// takes long (<see cref="NativeCompiler.CompileAsync"/>).
    /// </summary>
    /// <param name="compiler">What makes the machine code.</param>
    /// <param name="functions">The indices of the functions, for a process that has not compiled them; null for <see cref="CompiledFunctions"/>.</param>
    /// <param name="cancellationToken">Ends it; the cache is as it was.</param>
    /// <returns>Whether it was done: one process at a time fills a cache, and small modules have no code in it (<see cref="CodeCache.MinModuleBytes"/>).</returns>
    /// <exception cref="InvalidOperationException">The engine has no cache, or the compiler failed.</exception>
    /// <exception cref="NotSupportedException">The module has types of structures or arrays.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The module has no such function, or it is imported.</exception>
    /// <exception cref="IOException">The folder of the cache cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> FillCodeCacheAsync(NativeCompiler compiler, IEnumerable<int>? functions = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(compiler);
        var cache = Engine.Options.CodeCache ?? throw new InvalidOperationException("The engine has no cache: set EngineOptions.CodeCache.");
        RequirePersistable();
        int[] all = [.. (functions ?? Code.Made).Union(Code.Loaded).Order()];
        if (all.Length > 0 && (all[0] < Definition.ImportedFunctionCount || all[^1] >= Definition.Functions.Count))
            throw new ArgumentOutOfRangeException(nameof(functions), "A function is imported, or not there.");
        if (!CachedCode.CanHave(cache, Definition, Types))
            return false;
        using var turn = cache.TryLock();
        if (turn is null)
            return false;
        var request = new PersistedCodeRequest("Fermata.Cached", PersistedCode.CacheClass, all, Code.NeedsGuards, Code.LargestStop) { Stack = StackLocation, Thunks = Thunks };
        await cache.AddAsync(CachedCode.KeyOf(Code.Fingerprint), WriteAsync, cancellationToken).ConfigureAwait(false);
        return true;

        async Task<string> WriteAsync(string folder)
        {
            var (assembly, native) = (Path.Combine(folder, "il.dll"), Path.Combine(folder, "native.dll"));
            using (var output = File.Create(assembly))
                PersistedCode.Write(Engine, Definition, Types, request, new LoadBudget(cancellationToken: cancellationToken), output);
            await compiler.CompileAsync(assembly, native, cancellationToken).ConfigureAwait(false);
            return native;
        }
    }

    private long CodeLength(IEnumerable<int> functions) => functions.Sum(function => (long)Definition.Functions[function].Body!.Code.Length);

    private void RequirePersistable()
    {
        if (!PersistedCode.Supports(Types))
            throw new NotSupportedException("The module has types of structures or arrays, whose classes cannot be in an assembly of one module.");
    }
}
