using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Makes types one after the other in a series of dynamic assemblies, so that each takes the same time. Not safe for use by several threads.</summary>
/// <param name="name">What the names of the assemblies begin with. They differ, as code that uses types of several tells these apart by it.</param>
/// <param name="accessed">The names of other assemblies whose internal members the code of the types may use.</param>
internal sealed class AssemblySeries(string name, params string[] accessed)
{
    /// <summary>A dynamic assembly takes longer for each type the more it has.</summary>
    private const int TypesPerAssembly = 128;

    private ModuleBuilder _current = null!;
    private int _assemblies;
    private int _typesLeft;

    public TypeBuilder DefineType(string typeName, TypeAttributes attributes, Type? parent = null)
    {
        if (_typesLeft == 0)
        {
            _current = DynamicAssembly.Create($"{name}{_assemblies++}", accessed);
            _typesLeft = TypesPerAssembly;
        }

        _typesLeft--;
        return _current.DefineType(typeName, attributes, parent);
    }

    /// <summary>Defines a class that has nothing but static methods.</summary>
    public TypeBuilder DefineCodeClass(string typeName) => DefineType(typeName, DynamicAssembly.CodeClass);
}
