using System.Globalization;
using Fermata.Structure;

namespace Fermata;

/// <summary>An activation of a WebAssembly function, as a trap reports it.</summary>
/// <param name="ModuleName">The name that the module has for itself or in its linker; null where it has none.</param>
/// <param name="FunctionIndex">The index of the function in its module, imports counted.</param>
/// <param name="FunctionName">The name of the function in the module's name section; null where it has none.</param>
public readonly record struct WasmFrame(string? ModuleName, int FunctionIndex, string? FunctionName)
{
    /// <summary>The frame as a line of a stack shows it: <c>module!function</c>, or <c>module!func[3]</c> without a name.</summary>
    public override string ToString()
    {
        string function = FunctionName is { } name
            ? HostileText.Printable(name)
            : string.Create(CultureInfo.InvariantCulture, $"func[{FunctionIndex}]");
        return ModuleName is { } module ? $"{HostileText.Printable(module)}!{function}" : function;
    }
}
