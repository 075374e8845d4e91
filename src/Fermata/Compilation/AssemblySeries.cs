using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Makes types one after the other in a series of dynamic assemblies, so that each takes the same time. Not safe for use by several threads.</summary>
/// <param name="name">What the names of the assemblies begin with. They differ in the whole process, as code that uses types of several tells these apart by it.</param>
/// <param name="isCollectible">Whether the types of an assembly go when nothing refers to any of them.</param>
/// <param name="accessed">The names of other assemblies whose internal members the code of the types may use.</param>
internal sealed class AssemblySeries(string name, bool isCollectible, params string[] accessed)
{
    /// <summary>.NET looks through all types of a dynamic assembly for each that it adds, and through all assemblies that code refers to for each type that it names.</summary>
    private const int TypesPerAssembly = 256;

    private static long _assemblies;

    private ModuleBuilder _current = null!;
    private int _typesLeft;

    /// <summary>Defines a type.</summary>
    /// <param name="typeName">Its name.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="parent">What it derives from; by default <see cref="object"/>.</param>
    /// <param name="size">As how many types it counts.</param>
    public TypeBuilder DefineType(string typeName, TypeAttributes attributes, Type? parent = null, int size = 1)
    {
        if (_typesLeft <= 0)
        {
            _current = DynamicAssembly.Create($"{name}{Interlocked.Increment(ref _assemblies)}", isCollectible, accessed);
            _typesLeft = TypesPerAssembly;
        }

        _typesLeft -= size;
        return _current.DefineType(typeName, attributes, parent);
    }

    /// <summary>Defines a class that has nothing but static methods.</summary>
    /// <param name="typeName">Its name.</param>
    /// <param name="size">As how many types it counts.</param>
    public TypeBuilder DefineCodeClass(string typeName, int size = 1) => DefineType(typeName, DynamicAssembly.CodeClass, size: size);
}
