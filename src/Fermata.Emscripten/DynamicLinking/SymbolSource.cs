namespace Fermata.Emscripten.DynamicLinking;

/// <summary>What a module of the program has for the others: functions, and data, whose addresses are exported as immutable globals.</summary>
/// <param name="instance">The module, running.</param>
/// <param name="memoryBase">What these addresses are relative to: where the memory of a side module begins; zero for the main module.</param>
internal sealed class SymbolSource(Instance instance, uint memoryBase)
{
    /// <summary>What each module has for itself.</summary>
    private static readonly HashSet<string> Own =
    [
        "memory", "__memory_base", "__table_base", "__stack_pointer", "__indirect_function_table", "__dso_handle", "__wasm_apply_data_relocs", "__wasm_call_ctors",
        "__post_instantiate", "__tls_size", "__tls_align", "__set_stack_limits", "_emscripten_tls_init", "__wasm_init_tls", "__start_em_asm", "__stop_em_asm", "__start_em_js",
        "__stop_em_js",
    ];

    public Function? FindFunction(string symbol) => !Own.Contains(symbol) && instance.TryGetFunction(symbol, out var function) ? function : null;

    public uint? FindData(string symbol) =>
        !Own.Contains(symbol) && instance.TryGetGlobal(symbol, out var global) && global.Type is { IsMutable: false, Type.Kind: ValKind.I32 }
            ? memoryBase + (uint)global.Value.AsI32()
            : null;
}
