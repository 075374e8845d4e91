using Fermata.Runtime;

namespace Fermata;

public sealed partial class Function
{
    private nint _entry;

    /// <summary>Calls the function with the arguments in the context's slots; afterwards its results are there, unless it suspended.</summary>
    internal unsafe void Enter(StoreContext context)
    {
        if (_entry == 0)
            _entry = Store.Engine.Code.Entry(DefinedType);
        ((delegate*<Function, StoreContext, void>)_entry)(this, context);
    }
}
