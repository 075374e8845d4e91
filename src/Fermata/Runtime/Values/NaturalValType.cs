using System.Runtime.Intrinsics;

namespace Fermata.Runtime;

/// <summary>Which WebAssembly types .NET types stand for.</summary>
internal static class NaturalValType
{
    /// <summary>What to use, for messages.</summary>
    public const string Supported = "There are int, uint, long, ulong, float, double, Vector128<byte>, Function, and classes for externref.";

    /// <summary>The type that fits best; null if no value of the .NET type can be one of WebAssembly.</summary>
    public static ValType? Of(Type type)
    {
        if (type == typeof(int) || type == typeof(uint))
            return ValType.I32;
        if (type == typeof(long) || type == typeof(ulong))
            return ValType.I64;
        if (type == typeof(float))
            return ValType.F32;
        if (type == typeof(double))
            return ValType.F64;
        if (type == typeof(Vector128<byte>))
            return ValType.V128;
        if (type == typeof(Function))
            return ValType.FuncRef;
        return type.IsValueType || type.IsByRef || type.IsPointer || type.IsFunctionPointer ? null : ValType.ExternRef;
    }
}
