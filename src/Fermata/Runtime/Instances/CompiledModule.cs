namespace Fermata;

/// <summary>A module that was compiled ahead of time into an assembly, as <c>fermata compile</c> does. The assembly has one class that derives from this one.</summary>
public abstract class CompiledModule
{
    /// <summary>The name of the resource that tells of the functions in the assembly.</summary>
    internal const string TableResource = "fermata.code";

    /// <summary>The name of the resource with the module, in the binary format.</summary>
    internal const string ModuleResource = "fermata.wasm";

    /// <summary>Called by generated classes only, whose assemblies may use what is not visible.</summary>
    private protected CompiledModule()
    {
    }

    /// <summary>The address of the code at a position, which the table gives; zero for none.</summary>
    internal abstract nint AddressOf(int position);

    /// <summary>A new object of the class of the module's instances, with no field set.</summary>
    internal abstract Instance CreateInstance();

    /// <summary>The content of a resource of the assembly; null if it has none of the name.</summary>
    internal byte[]? Read(string resource)
    {
        using var stream = GetType().Assembly.GetManifestResourceStream(resource);
        if (stream is null)
            return null;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
