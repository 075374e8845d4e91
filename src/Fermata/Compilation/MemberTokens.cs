using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>The tokens of members in one dynamic assembly.</summary>
internal sealed class MemberTokens(ModuleBuilder assembly)
{
    /// <summary>Zero for a member that is not to be named by its token. By identity: methods of classes that are not complete are equal if their names and types are.</summary>
    private readonly Dictionary<MemberInfo, int> _tokens = new(ReferenceEqualityComparer.Instance);

    private bool _hasVectors;

    public ModuleBuilder Assembly => assembly;

    /// <summary>The generator of a method that names members by these tokens.</summary>
    public ILGenerator WriterOf(MethodBuilder method) => new TokenWriter(method.GetILGenerator(), this);

    /// <summary>The token of a field.</summary>
    public int Find(FieldInfo field)
    {
        if (!_tokens.TryGetValue(field, out var token))
            _tokens[field] = token = assembly.GetFieldMetadataToken(field);
        return token;
    }

    /// <summary>The token of a method, if a call of it leaves the IL stack no higher.</summary>
    public bool TryFind(MethodInfo method, out int token)
    {
        if (!_tokens.TryGetValue(method, out token))
            _tokens[method] = token = TokenOf(method);
        return token != 0;
    }

    private int TokenOf(MethodInfo method)
    {
        if (method.IsGenericMethod)
        {
            FindVectors();
            return _tokens.GetValueOrDefault(method);
        }

        // Functions have the instance as a parameter, and no more than one result.
        if (method is MethodBuilder)
            return assembly.GetMethodMetadataToken(method);

        var pops = method.GetParameters().Length + (method.IsStatic ? 0 : 1);
        return method.ReturnType != typeof(void) && pops == 0 ? 0 : assembly.GetMethodMetadataToken(method);
    }

    /// <summary>
    /// The tokens of generic methods, which vector instructions call, cannot be asked for, but can be read from the code of a method that calls them; it is never run.
    /// </summary>
    private void FindVectors()
    {
        const string Name = "Calls";
        const int CallSize = 5;
        if (_hasVectors)
            return;
        _hasVectors = true;
        var type = assembly.DefineType(Name, TypeAttributes.NotPublic | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var il = type.DefineMethod(Name, MethodAttributes.Public | MethodAttributes.Static).GetILGenerator();
        var methods = VectorEmission.Callees;
        foreach (var method in methods)
            il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Ret);
        var code = type.CreateType().GetMethod(Name)!.GetMethodBody()!.GetILAsByteArray()!;
        for (var i = 0; i < methods.Count; i++)
            _tokens[methods[i]] = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan((i * CallSize) + 1));
    }
}
