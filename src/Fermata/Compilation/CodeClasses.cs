using System.Reflection;
using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The classes that hold the run forms of a module, as static methods.</summary>
/// <remarks>A .NET class has 65,535 methods at most, so there are as many classes as it takes. A call from one to another costs no more.</remarks>
internal sealed class CodeClasses(ModuleBuilder assembly)
{
    /// <summary>A dynamic assembly takes longer for each class the more it has; a class can be made only in one piece, of 2 µs for each method.</summary>
    private const int MethodsPerClass = 16_384;

    private readonly List<TypeBuilder> _classes = [];
    private int _methodsLeft;

    public MethodBuilder DefineMethod(string name, Type result, Type[] parameters)
    {
        if (_methodsLeft == 0)
        {
            _classes.Add(assembly.DefineType($"Code{_classes.Count}", DynamicAssembly.CodeClass));
            _methodsLeft = MethodsPerClass;
        }

        _methodsLeft--;
        return _classes[^1].DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters);
    }

    /// <summary>Makes the classes; all methods have their code.</summary>
    public void Create(LoadBudget budget)
    {
        foreach (var type in _classes)
        {
            budget.Spend(MethodsPerClass);
            type.CreateType();
        }
    }
}
