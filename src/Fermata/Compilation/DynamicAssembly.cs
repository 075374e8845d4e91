using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Fermata.Compilation;

/// <summary>Makes the assemblies that generated code lives in. Their code may use the engine's internal members.</summary>
internal static class DynamicAssembly
{
    /// <summary>The attributes of a class that has nothing but static methods.</summary>
    public const TypeAttributes CodeClass = TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed;

    private const string AccessAttribute = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";

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
        var constructor = DefineAccessAttribute(module);
        assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [typeof(DynamicAssembly).Assembly.GetName().Name!]));
        foreach (var other in accessed)
            assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [other]));
        return module;
    }

    /// <summary>The assembly as its code knows it.</summary>
    public static Assembly RuntimeAssemblyOf(ModuleBuilder module) => module.GetType(AccessAttribute)!.Assembly;

    /// <summary>The runtime knows this attribute by its name; no library declares it.</summary>
    public static ConstructorInfo DefineAccessAttribute(ModuleBuilder module)
    {
        var type = module.DefineType(AccessAttribute, TypeAttributes.NotPublic | TypeAttributes.Sealed, typeof(Attribute));
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, Type.EmptyTypes)!);
        il.Emit(OpCodes.Ret);
        return type.CreateType().GetConstructor([typeof(string)])!;
    }
}
