using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Writes calls of .NET's methods for vectors into the code of one dynamic assembly.</summary>
/// <remarks>
/// Reflection.Emit describes a method anew for each call of it, which for a generic method takes longer than all the rest of an instruction
/// (13 µs; a vector instruction has three such calls). Where a call leaves the height of the IL stack as it is, the method's token can be
/// written instead, which is remembered; other calls must tell the <see cref="ILGenerator"/> how they change it.
/// </remarks>
internal sealed class CallWriter(ModuleBuilder assembly)
{
    private Dictionary<MethodInfo, int>? _tokens;

    public ModuleBuilder Assembly => assembly;

    /// <summary>Emits a call of a static method.</summary>
    public void Call(ILGenerator il, MethodInfo method)
    {
        _tokens ??= FindTokens();
        if (_tokens.TryGetValue(method, out var token))
            il.Emit(OpCodes.Call, token);
        else
            il.Emit(OpCodes.Call, method);
    }

    /// <summary>
    /// The tokens of generic methods cannot be asked for, but can be read from the code of a method that calls them; it is never run.
    /// </summary>
    private Dictionary<MethodInfo, int> FindTokens()
    {
        const string Name = "Calls";
        const int CallSize = 5;
        var type = assembly.DefineType(Name, TypeAttributes.NotPublic | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var il = type.DefineMethod(Name, MethodAttributes.Public | MethodAttributes.Static).GetILGenerator();
        var methods = VectorEmission.UnaryMethods;
        foreach (var method in methods)
            il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Ret);
        var code = type.CreateType().GetMethod(Name)!.GetMethodBody()!.GetILAsByteArray()!;
        return methods.Select((method, i) => (method, BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan((i * CallSize) + 1))))
            .ToDictionary(pair => pair.method, pair => pair.Item2);
    }
}
