namespace Fermata.Emscripten;

/// <summary>How a program is loaded.</summary>
public sealed record EmscriptenOptions
{
    /// <summary>Nothing is to be known.</summary>
    public static EmscriptenOptions Default { get; } = new();

    /// <summary>What Emscripten calls the imports and exports of a minified module. Default: the same.</summary>
    public EmscriptenNames Names { get; init; } = EmscriptenNames.None;

    /// <summary>
    /// A module that is merged into the program: the program imports from it what it exports, under the same module name as its other functions (<c>env</c>), and it imports
    /// from <c>program</c> what the program exports. It is for functions that call back, and would be frames of the host that nothing can suspend. Default: null, for none.
    /// </summary>
    public ModuleInfo? Supplement { get; init; }
}
