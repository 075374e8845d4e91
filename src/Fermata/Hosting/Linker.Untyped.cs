using Fermata.Hosting;

namespace Fermata;

public sealed partial class Linker
{
    /// <summary>Defines a host function of a type that is known only now, for instance that of one of <see cref="Module.Imports"/>.</summary>
    /// <param name="module">The first part of the name.</param>
    /// <param name="name">The second part of the name.</param>
    /// <param name="type">The parameters and results. They must be those that modules ask for.</param>
    /// <param name="function">The function.</param>
    /// <exception cref="ArgumentException">The name is defined already.</exception>
    /// <exception cref="InvalidOperationException">The type refers to one of a module that is gone (<see cref="HeapType"/>).</exception>
    public Linker Define(string module, string name, FuncType type, UntypedFunction function) => AddUntyped(module, name, type, function);

    /// <summary>Defines a suspending import of a type that is known only now.</summary>
    /// <inheritdoc cref="Define(string, string, FuncType, UntypedFunction)"/>
    /// <exception cref="ArgumentException">The name is defined already, or the delegate is several (multicast).</exception>
    public Linker Define(string module, string name, FuncType type, AsyncUntypedFunction function) => AddUntyped(module, name, type, function);

    private Linker AddUntyped(string module, string name, FuncType type, Delegate function)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(function);
        return Add(module, name, new HostDefinition(Engine.Types, type, function));
    }
}
