using Fermata.Wasi.Functions;

namespace Fermata.Wasi;

/// <summary>Defines the functions of WASI for modules that a linker links.</summary>
public static class WasiLinker
{
    /// <summary>
    /// Defines all functions of WASI preview 1, under <c>wasi_snapshot_preview1</c> and, as its predecessor has them, under <c>wasi_unstable</c>. They work on the
    /// <see cref="WasiContext"/> of the store whose code calls them.
    /// </summary>
    /// <remarks>
    /// Those that may have to wait suspend the call. Under a call that cannot be suspended they need <see cref="StoreOptions.CallsSuspendingImportsSynchronously"/>, and then
    /// fail only if they do have to wait.
    /// </remarks>
    /// <param name="linker">The linker.</param>
    /// <returns>The linker.</returns>
    public static Linker DefineWasi(this Linker linker)
    {
        ArgumentNullException.ThrowIfNull(linker);
        foreach (var function in Preview1.Functions)
            function.Define(linker, "wasi_snapshot_preview1");
        foreach (var function in Unstable.Functions)
            function.Define(linker, "wasi_unstable");
        return linker;
    }
}
