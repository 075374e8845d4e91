using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Fermata.Compilation;

/// <summary>Makes the assemblies that generated code lives in. Their code may use the engine's internal members.</summary>
internal static class DynamicAssembly
{
    /// <summary>The attributes of a class that has nothing but static methods.</summary>
    public const TypeAttributes CodeClass = TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed;

    private static readonly ConstructorInfo AccessAttribute = typeof(IgnoresAccessChecksToAttribute).GetConstructors()[0];

    /// <param name="name">The name of the assembly.</param>
    /// <param name="isCollectible">Whether it goes when nothing refers to it any more; if not, .NET compiles its code in tiers.</param>
    /// <param name="accessed">The names of other assemblies whose internal members its code may use.</param>
    /// <exception cref="PlatformNotSupportedException">The process cannot make code at run time.</exception>
    public static ModuleBuilder Create(string name, bool isCollectible, params ReadOnlySpan<string> accessed)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new PlatformNotSupportedException(
                "This process cannot make code at run time. Compile modules ahead with `fermata compile`, define imports with a FuncType and functions that take values, and call exports by "
                + "Invoke or InvokeAsync (docs/compiling-ahead.md).");
        }

        var assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName(name), isCollectible ? AssemblyBuilderAccess.RunAndCollect : AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule(name);
        AllowAccess(assembly);
        foreach (var other in accessed)
            AllowAccess(assembly, other);
        return module;
    }

    /// <summary>Lets code of an assembly use internal members of another one.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="other">The name of the other one; by default the engine.</param>
    public static void AllowAccess(AssemblyBuilder assembly, string? other = null) =>
        assembly.SetCustomAttribute(new CustomAttributeBuilder(AccessAttribute, [other ?? typeof(DynamicAssembly).Assembly.GetName().Name!]));

    /// <summary>The assembly as its code knows it, told by a class that is complete: to look for one by its name takes .NET much longer than to make one.</summary>
    public static Assembly RuntimeAssemblyOf(ModuleBuilder module) => module.DefineType("Empty", CodeClass).CreateType().Assembly;
}
