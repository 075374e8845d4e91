namespace Fermata.Emscripten.DynamicLinking;

/// <summary>
/// How code of a store runs while a library is loaded: as promising calls; or as plain ones, where what waits for the library is a call that cannot be suspended, and so has the
/// store's turn all the time.
/// </summary>
/// <param name="IsPromising">Whether they are promising.</param>
/// <param name="CancellationToken">Ends them.</param>
internal readonly record struct StoreCalls(bool IsPromising, CancellationToken CancellationToken)
{
    public async ValueTask<Value[]> CallAsync(Function function, params Value[] arguments) =>
        IsPromising ? await function.InvokeAsync(arguments, CancellationToken).ConfigureAwait(false) : function.Invoke(arguments, CancellationToken);

    /// <summary>Does something on the store's turn.</summary>
    public async ValueTask RunAsync(StoreTurn turn, Action action)
    {
        if (IsPromising)
            await turn.RunAsync(action, CancellationToken).ConfigureAwait(false);
        else
            action();
    }

    public async ValueTask<Instance> InstantiateAsync(Linker linker, Store store, Module module) => IsPromising
        ? await linker.InstantiateAsync(store, module, CancellationToken).ConfigureAwait(false)
        : linker.Instantiate(store, module, CancellationToken);

    /// <summary>Does something that takes long and has nothing to do with the store.</summary>
    public async ValueTask<T> RunBesideAsync<T>(Func<T> work) => IsPromising ? await Task.Run(work, CancellationToken).ConfigureAwait(false) : work();

    /// <summary>Waits for something that has nothing to do with the store.</summary>
    public async ValueTask<T> WaitAsync<T>(ValueTask<T> task) => IsPromising ? await task.ConfigureAwait(false) : task.AsTask().GetAwaiter().GetResult();
}
