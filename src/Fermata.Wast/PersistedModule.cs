using System.Runtime.Loader;
using Fermata.Compilation;

namespace Fermata.Wast;

/// <summary>Writes modules as assemblies and loads them from those.</summary>
internal static class PersistedModule
{
    /// <summary>The module from an assembly; itself if there cannot be one.</summary>
    public static Module Of(Module module)
    {
        const string Name = "module";
        if (!PersistedCode.Supports(module.Types))
            return module;
        using var assembly = new MemoryStream();
        module.WriteAssembly(assembly, Name);
        assembly.Position = 0;

        // One that can go, as a script has hundreds of modules.
        var loaded = new AssemblyLoadContext("script", isCollectible: true).LoadFromStream(assembly);
        return Module.LoadCompiled(module.Engine, (CompiledModule)Activator.CreateInstance(loaded.GetType("Fermata.Compiled." + Name, throwOnError: true)!)!);
    }
}
