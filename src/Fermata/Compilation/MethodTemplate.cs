using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>A static method that can be made in any assembly.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Result">What it returns.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Emit">Writes its code.</param>
internal sealed record MethodTemplate(string Name, Type Result, Type[] Parameters, Action<ILGenerator> Emit)
{
    /// <summary>Makes the method in a class.</summary>
    public MethodBuilder DefineIn(TypeBuilder type)
    {
        var method = type.DefineMethod(Name, MethodAttributes.Public | MethodAttributes.Static, Result, Parameters);
        Emit(method.GetILGenerator());
        return method;
    }
}
