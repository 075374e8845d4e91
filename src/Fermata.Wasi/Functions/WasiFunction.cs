namespace Fermata.Wasi.Functions;

/// <summary>A function of WASI.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Begin">What it does; in two steps, the one that may wait.</param>
/// <param name="Complete">In two steps, the one that writes results to memory, when the call goes on.</param>
internal sealed record WasiFunction(string Name, Delegate Begin, Delegate? Complete = null)
{
    /// <summary>How many parameters it has for WebAssembly.</summary>
    public int ParameterCount =>
        Begin.Method.GetParameters().Count(parameter => parameter.ParameterType != typeof(Caller) && parameter.ParameterType != typeof(CancellationToken));

    public void Define(Linker linker, string module)
    {
        if (Complete is null)
            linker.Define(module, Name, Begin);
        else
            linker.Define(module, Name, Begin, Complete);
    }
}
