namespace Fermata.Wasi.Functions;

/// <summary>A function that programs import.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Begin">What it does; in two steps, the one that may wait.</param>
/// <param name="Complete">In two steps, the one that writes results to memory, when the call goes on.</param>
internal sealed record HostFunction(string Name, Delegate Begin, Delegate? Complete = null)
{
    /// <summary>How many parameters it has for WebAssembly.</summary>
    public int ParameterCount =>
        Begin.Method.GetParameters().Count(parameter => parameter.ParameterType != typeof(Caller) && parameter.ParameterType != typeof(CancellationToken));

    /// <summary>Its type for WebAssembly.</summary>
    /// <param name="store">Any store.</param>
    public FuncType TypeIn(Store store) => (Complete is null ? Function.Create(store, Begin, Name) : Function.Create(store, Begin, Complete, Name)).Type;

    public void Define(Linker linker, string module)
    {
        if (Complete is null)
            linker.Define(module, Name, Begin);
        else
            linker.Define(module, Name, Begin, Complete);
    }
}
