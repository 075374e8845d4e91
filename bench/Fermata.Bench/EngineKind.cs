namespace Fermata.Bench;

/// <summary>What is compared, in the order of the columns.</summary>
internal enum EngineKind
{
    /// <summary>Fermata with its default options.</summary>
    Fermata,

    /// <summary>Fermata without what suspension costs: code that cannot be stopped and has the thread's stack alone.</summary>
    Bare,

    /// <summary>V8, in the Node of <c>bench/package.json</c>.</summary>
    V8,

    /// <summary>Wasmtime, from its NuGet package.</summary>
    Wasmtime,

    /// <summary>The same source, compiled for this machine by gcc.</summary>
    Native,
}
