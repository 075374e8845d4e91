namespace Fermata.Runtime;

/// <summary>Recognises the host functions through which C toolchains have a module call its own function pointers.</summary>
/// <remarks>Only their names are known, so what is said of them is a hint and changes nothing.</remarks>
internal static class Trampoline
{
    /// <summary>How the fields of such imports begin: Emscripten's for C++ exceptions and setjmp, and for calls of function pointers.</summary>
    private static readonly string[] Prefixes = ["invoke_", "dynCall_", "__call_indirect"];

    /// <summary>What the author of the module can do so that nothing of the host stands in between; empty if the name is no trampoline's.</summary>
    /// <param name="name">Module and field of the import.</param>
    public static string Remedy(string name)
    {
        var field = name[(name.LastIndexOf('.') + 1)..];
        return Array.Exists(Prefixes, prefix => field.StartsWith(prefix, StringComparison.Ordinal))
            || field.Contains("trampoline", StringComparison.OrdinalIgnoreCase)
            ? " It looks like a trampoline of a C toolchain. Compile the module so that it needs none: C++ exceptions with -fwasm-exceptions, " +
              "setjmp with -sSUPPORT_LONGJMP=wasm, casts of function pointers with __builtin_wasm_test_function_pointer_signature, or with plain indirect calls and " +
              $"{nameof(EngineOptions)}.{nameof(EngineOptions.AllowsFunctionPointerCasts)}."
            : "";
    }
}
