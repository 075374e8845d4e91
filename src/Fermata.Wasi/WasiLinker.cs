using Fermata.Platform;
using Fermata.Wasi.Functions;

namespace Fermata.Wasi;

/// <summary>Defines the functions of WASI for modules that a linker links.</summary>
public static class WasiLinker
{
    private const string Preview1Name = "wasi_snapshot_preview1";
    private const string UnstableName = "wasi_unstable";
    private const string ThreadsName = "wasi";

    /// <summary>
    /// Defines all functions of WASI preview 1, under <c>wasi_snapshot_preview1</c> and, as its predecessor has them, under <c>wasi_unstable</c>. They work on the
    /// <see cref="WasiContext"/> of the store whose code calls them. And <c>thread-spawn</c> of <c>wasi</c>, which starts threads in a <see cref="WasiProgram"/> only.
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
        return linker.Define([]);
    }

    /// <summary>As <see cref="DefineWasi(Linker)"/>, for a module that may have been compiled for WasmEdge.</summary>
    /// <remarks>
    /// WasmEdge's sockets are defined in any case, and work within the <see cref="ProgramBuilder{TBuilder}.WithNetwork">network</see> of the context. But some of their functions have the
    /// same names as others with fewer or more parameters, <c>sock_accept</c> above all: each is defined as the module imports it.
    /// </remarks>
    /// <param name="linker">The linker.</param>
    /// <param name="module">The module.</param>
    /// <returns>The linker.</returns>
    public static Linker DefineWasi(this Linker linker, Module module)
    {
        ArgumentNullException.ThrowIfNull(linker);
        ArgumentNullException.ThrowIfNull(module);
        return linker.Define(module.Imports);
    }

    /// <summary>As <see cref="DefineWasi(Linker, Module)"/>, but only what the module imports.</summary>
    internal static Linker DefineImportsOf(this Linker linker, Module module)
    {
        var defined = new HashSet<(string, string)>();
        foreach (var import in module.Imports)
        {
            if (import.Type is FunctionType type && defined.Add((import.Module, import.Name)))
                Find(import.Module, import.Name, type)?.Define(linker, import.Module);
        }

        return linker;
    }

    private static Linker Define(this Linker linker, IReadOnlyList<ImportType> imports)
    {
        foreach (var name in Preview1.Functions.Concat(WasmEdge.Functions).Select(function => function.Name).Distinct())
        {
            var wanted = imports.FirstOrDefault(import => import.Module == Preview1Name && import.Name == name)?.Type as FunctionType;
            Find(Preview1Name, name, wanted)!.Define(linker, Preview1Name);
        }

        foreach (var function in Unstable.Functions)
            function.Define(linker, UnstableName);
        ThreadFunctions.ThreadSpawn.Define(linker, ThreadsName);
        return linker;
    }

    /// <summary>The function of a name; the first one with as many parameters as the type has, if there are several.</summary>
    private static HostFunction? Find(string module, string name, FunctionType? type)
    {
        if (module == UnstableName)
            return Unstable.Functions.FirstOrDefault(function => function.Name == name);
        if (module == ThreadsName)
            return ThreadFunctions.ThreadSpawn.Name == name ? ThreadFunctions.ThreadSpawn : null;
        if (module != Preview1Name)
            return null;
        HostFunction? first = null;
        foreach (var functions in (HostFunction[][])[Preview1.Functions, WasmEdge.Functions])
        {
            foreach (var function in functions)
            {
                if (function.Name != name)
                    continue;
                if (first is not null && function.ParameterCount == type?.Signature.Parameters.Count)
                    return first.ParameterCount == function.ParameterCount ? first : function;
                first ??= function;
            }
        }

        return first;
    }
}
