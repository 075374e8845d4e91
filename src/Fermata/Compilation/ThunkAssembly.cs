using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Small methods between .NET and WebAssembly that depend only on types. It keeps only those that it made last. Safe for use by several threads.</summary>
/// <param name="accessed">The names of assemblies whose internal types and members the methods use.</param>
internal sealed class ThunkAssembly(params string[] accessed)
{
    private readonly AssemblySeries _assemblies = new("Fermata.Thunks", isCollectible: true, accessed);
    private readonly Lock _lock = new();
    private long _methods;

    /// <summary>Makes a static method.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="result">What it returns.</param>
    /// <param name="parameters">What it takes.</param>
    /// <param name="values">How many values it moves: methods that move many share an assembly with few, as they go together.</param>
    /// <param name="emit">Writes its code.</param>
    public MethodInfo Define(string name, Type result, Type[] parameters, int values, Action<ILGenerator> emit)
    {
        lock (_lock)
        {
            var builder = _assemblies.DefineCodeClass($"Thunk{_methods++}", 1 + (values / 16));
            var method = builder.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters);
            emit(method.GetILGenerator());
            return builder.CreateType().GetMethod(name)!;
        }
    }
}
