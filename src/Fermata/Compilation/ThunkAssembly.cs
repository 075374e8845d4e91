using System.Reflection;

namespace Fermata.Compilation;

/// <summary>Small methods between .NET and WebAssembly that depend only on types. It keeps only those that it made last. Safe for use by several threads.</summary>
/// <param name="accessed">The names of assemblies whose internal types and members the methods use.</param>
internal sealed class ThunkAssembly(params string[] accessed)
{
    private readonly AssemblySeries _assemblies = new("Fermata.Thunks", isCollectible: true, accessed);
    private readonly Lock _lock = new();
    private long _methods;

    /// <summary>Makes a method.</summary>
    /// <param name="template">The method.</param>
    /// <param name="values">How many values it moves: methods that move many share an assembly with few, as they go together.</param>
    public MethodInfo Define(MethodTemplate template, int values)
    {
        lock (_lock)
        {
            var builder = _assemblies.DefineCodeClass($"Thunk{_methods++}", 1 + (values / 16));
            template.DefineIn(builder);
            return builder.CreateType().GetMethod(template.Name)!;
        }
    }
}
