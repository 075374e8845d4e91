using Fermata.Hosting;

namespace Fermata;

public sealed partial class Module
{
    /// <summary>Makes an instance with a list of imports instead of a <see cref="Linker"/>, and runs its start function.</summary>
    /// <param name="store">The store that the instance is to belong to.</param>
    /// <param name="imports">
    /// For each of <see cref="Imports"/>, in that order, a delegate as <see cref="Linker.Define(string, string, Delegate)"/> takes it, or a
    /// <see cref="Function"/>, <see cref="Memory"/>, <see cref="Table"/>, <see cref="Global"/> or <see cref="Tag"/>.
    /// </param>
    /// <exception cref="ArgumentException">There are too few or too many, one is nothing that can be imported, or the store is of another engine.</exception>
    /// <inheritdoc cref="Linker.Instantiate(Store, Module, CancellationToken)"/>
    public Instance Instantiate(Store store, params ReadOnlySpan<object> imports)
    {
        return Instantiation.Run(store, this, Definitions(store, imports), CancellationToken.None);
    }

    /// <summary>As <see cref="Instantiate"/>, with the start function as a promising call.</summary>
    /// <inheritdoc cref="Linker.InstantiateAsync"/>
    /// <param name="store">The store that the instance is to belong to.</param>
    /// <param name="imports">What each of <see cref="Imports"/> is.</param>
    /// <param name="cancellationToken">Ends the start function, whether it waits or runs.</param>
    /// <exception cref="ArgumentException">There are too few or too many, one is nothing that can be imported, or the store is of another engine.</exception>
    public Task<Instance> InstantiateAsync(Store store, ReadOnlySpan<object> imports, CancellationToken cancellationToken = default)
    {
        return Instantiation.RunAsync(store, this, Definitions(store, imports), cancellationToken);
    }

    private object[] Definitions(Store store, ReadOnlySpan<object> imports)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.Engine != Engine)
            throw new ArgumentException("The store belongs to another engine than the module.", nameof(store));
        if (imports.Length != Imports.Count)
            throw new ArgumentException($"Imports of the module: {Imports.Count}, given: {imports.Length}.", nameof(imports));
        var definitions = new object[imports.Length];
        for (var i = 0; i < imports.Length; i++)
        {
            definitions[i] = imports[i] switch
            {
                Delegate target => new HostDefinition(Engine.Types, target),
                Function or Memory or Table or Global or Tag => imports[i],
                var other => throw new ArgumentException(
                    $"Import {i + 1} is {other?.GetType().ToString() ?? "null"}, and not a delegate, function, memory, table, global or tag.", nameof(imports)),
            };
        }

        return definitions;
    }
}
