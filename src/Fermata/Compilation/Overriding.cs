using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Defines methods of generated classes in place of internal ones of the engine's.</summary>
internal static class Overriding
{
    /// <param name="type">The generated class.</param>
    /// <param name="parent">The class above it that has the method.</param>
    /// <param name="name">The name of the method.</param>
    public static MethodBuilder Define(TypeBuilder type, Type parent, string name)
    {
        var overridden = ContextMembers.Method(parent, name);
        return type.DefineMethod(
            name,
            MethodAttributes.Assembly | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            overridden.ReturnType,
            [.. overridden.GetParameters().Select(parameter => parameter.ParameterType)]);
    }
}
