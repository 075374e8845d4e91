namespace Fermata.Emscripten.Functions;

/// <summary>Memory that the program allocates for what functions give it.</summary>
internal static class GuestHeap
{
    /// <summary>Allocates bytes, which the program frees.</summary>
    /// <returns>Their address; 0 if there is no room for them, or the program exports no <c>malloc</c>.</returns>
    public static uint Allocate(Caller caller, int bytes)
    {
        var allocator = EmscriptenContext.Of(caller).Exports.Find("malloc", "emscripten_builtin_malloc");
        return allocator is { Type: { Parameters: [{ Kind: ValKind.I32 }], Results: [{ Kind: ValKind.I32 }] } } ? (uint)allocator.Invoke(bytes)[0].AsI32() : 0;
    }
}
