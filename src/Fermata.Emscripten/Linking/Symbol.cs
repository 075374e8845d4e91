namespace Fermata.Emscripten.Linking;

/// <summary>What a module defines for others: a function, or data.</summary>
/// <param name="Function">The function; null for data.</param>
/// <param name="Address">The address of the data.</param>
internal readonly record struct Symbol(Function? Function, int Address)
{
    /// <summary>What an export is to other modules; null if it is nothing, as a memory.</summary>
    /// <param name="value">The export.</param>
    /// <param name="memoryBase">Where the module has its data: global constants are addresses relative to that.</param>
    public static Symbol? Of(object value, int memoryBase) => value switch
    {
        Function function => new Symbol(function, 0),
        Global { Type: { IsMutable: false, Type.Kind: ValKind.I32 } } global => new Symbol(null, global.Value.AsI32() + memoryBase),
        _ => null,
    };

    /// <summary>A pointer to it.</summary>
    public int ToPointer(FunctionTable functions) => Function is null ? Address : functions.IndexOf(Function);
}
