using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>What there is for each function type, besides code for delegate types.</summary>
internal enum TypeThunk
{
    /// <summary>Calls a function of the type with the arguments in the context's slots and leaves the results there: <c>void Enter(Function, StoreContext)</c>.</summary>
    Entry,

    /// <summary>Takes what a function of the type takes, binds it, and calls it (<see cref="UnboundFunction"/>).</summary>
    Binding,

    /// <summary>Takes what a function of the type takes, and calls a delegate that traps (<see cref="MissingFunction"/>).</summary>
    Trap,

    /// <summary>Takes what a function of the type takes, and calls an <see cref="UntypedFunction"/>.</summary>
    UntypedCall,

    /// <summary>Takes what a function of the type takes, and calls an <see cref="AsyncUntypedFunction"/>.</summary>
    UntypedAsyncCall,
}
