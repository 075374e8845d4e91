namespace Fermata.Runtime;

/// <summary>Stands as the environment of a WebAssembly function until it is first called, since its code is made only then.</summary>
/// <param name="instance">The instance that the function is of.</param>
internal sealed class UnboundFunction(Instance instance)
{
    public Instance Instance => instance;

    /// <summary>The function whose environment this is.</summary>
    public Function Function { get; set; } = null!;

    /// <summary>Called by generated code, on the store's turn: gives the function its code.</summary>
    public static Function Bind(object environment)
    {
        var unbound = (UnboundFunction)environment;
        unbound.Function.Bind(unbound.Instance);
        return unbound.Function;
    }
}
