using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Emits the class that gives the addresses of compiled code.</summary>
/// <remarks>By instructions that load them, not by tokens of metadata: so nothing is looked up by reflection, and tools that drop unused code find it in use.</remarks>
internal static class CompiledClass
{
    /// <summary>.NET prepares all that a method names when it is first called.</summary>
    private const int AddressesPerMethod = 64;

    private static readonly ConstructorInfo KeepMembers =
        typeof(DynamicDependencyAttribute).GetConstructor([typeof(DynamicallyAccessedMemberTypes), typeof(string), typeof(string)])!;

    /// <param name="module">Where it goes.</param>
    /// <param name="name">Its full name.</param>
    /// <param name="instances">The class of the module's instances.</param>
    /// <param name="methods">The code at each position; null for none.</param>
    /// <param name="functions">The classes of the functions. NativeAOT is to keep the names of their methods, by which traces find them.</param>
    public static void Define(ModuleBuilder module, string name, Type instances, MethodInfo?[] methods, IEnumerable<Type> functions)
    {
        var type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Sealed, typeof(CompiledModule));
        var constructor = type.DefineDefaultConstructor(MethodAttributes.Public);
        foreach (var @class in functions)
            constructor.SetCustomAttribute(new CustomAttributeBuilder(KeepMembers, [DynamicallyAccessedMemberTypes.PublicMethods, @class.FullName!, module.Assembly.GetName().Name!]));
        EmitCreateInstance(type, instances);
        EmitAddressOf(type, methods);
        type.CreateType();
    }

    private static void EmitCreateInstance(TypeBuilder type, Type instances)
    {
        var il = Overriding.Define(type, typeof(CompiledModule), nameof(CompiledModule.CreateInstance)).GetILGenerator();
        il.Emit(OpCodes.Newobj, instances.GetConstructor(Type.EmptyTypes)!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitAddressOf(TypeBuilder type, MethodInfo?[] methods)
    {
        var il = Overriding.Define(type, typeof(CompiledModule), nameof(CompiledModule.AddressOf)).GetILGenerator();

        // There is one at least: a switch needs a case.
        MethodInfo?[][] parts = methods.Length == 0 ? [[null]] : [.. methods.Chunk(AddressesPerMethod)];
        var labels = Array.ConvertAll(parts, _ => il.DefineLabel());
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, AddressesPerMethod);
        il.Emit(OpCodes.Div);
        il.Emit(OpCodes.Switch, labels);
        EmitNone(il);
        for (var i = 0; i < parts.Length; i++)
        {
            var part = type.DefineMethod($"Addresses{i}", MethodAttributes.Private | MethodAttributes.Static, typeof(nint), [typeof(int)]);
            EmitAddresses(part.GetILGenerator(), parts[i]);
            il.MarkLabel(labels[i]);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, AddressesPerMethod);
            il.Emit(OpCodes.Rem);
            il.Emit(OpCodes.Call, part);
            il.Emit(OpCodes.Ret);
        }
    }

    private static void EmitAddresses(ILGenerator il, MethodInfo?[] methods)
    {
        var none = il.DefineLabel();
        var labels = Array.ConvertAll(methods, method => method is null ? none : il.DefineLabel());
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Switch, labels);
        il.MarkLabel(none);
        EmitNone(il);
        for (var i = 0; i < methods.Length; i++)
        {
            if (methods[i] is not { } method)
                continue;
            il.MarkLabel(labels[i]);
            il.Emit(OpCodes.Ldftn, method);
            il.Emit(OpCodes.Ret);
        }
    }

    private static void EmitNone(ILGenerator il)
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Ret);
    }
}
