using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>How WebAssembly values are held in .NET, and moved between locals and slots.</summary>
internal static class ClrTypes
{
    /// <summary>The .NET type of a value. All references are <see cref="object"/>: the validator has checked what they are.</summary>
    public static Type Of(ValType type) => type.Kind switch
    {
        ValKind.I32 => typeof(int),
        ValKind.I64 => typeof(long),
        ValKind.F32 => typeof(float),
        ValKind.F64 => typeof(double),
        ValKind.V128 => typeof(Vector128<byte>),
        _ => typeof(object),
    };

    /// <summary>The .NET type in which a field of a structure, or an element of an array, is stored.</summary>
    public static Type OfField(FieldType field) => field.Packing switch
    {
        Packing.I8 => typeof(sbyte),
        Packing.I16 => typeof(short),
        _ => Of(field.Type),
    };

    /// <summary>The bytes that a stored value takes.</summary>
    public static int SizeOf(Type type) => type switch
    {
        _ when type == typeof(sbyte) => 1,
        _ when type == typeof(short) => 2,
        _ when type == typeof(int) || type == typeof(float) => 4,
        _ when type == typeof(Vector128<byte>) => 16,
        _ => 8,
    };

    /// <summary>The .NET result of a function: its first result; the others travel in slots.</summary>
    public static Type ResultOf(FuncType type) => type.ResultArray.Length == 0 ? typeof(void) : Of(type.ResultArray[0]);

    public static Type[] ParametersOf(FuncType type) => Array.ConvertAll(type.ParameterArray, Of);

    /// <summary>The instruction that loads a value from an address.</summary>
    public static void EmitLoadIndirect(ILGenerator il, ValType type)
    {
        if (type.Kind == ValKind.V128)
            il.Emit(OpCodes.Ldobj, typeof(Vector128<byte>));
        else
            il.Emit(type.Kind switch
            {
                ValKind.I32 => OpCodes.Ldind_I4,
                ValKind.I64 => OpCodes.Ldind_I8,
                ValKind.F32 => OpCodes.Ldind_R4,
                ValKind.F64 => OpCodes.Ldind_R8,
                _ => OpCodes.Ldind_Ref,
            });
    }

    /// <summary>The instruction that stores a value at an address.</summary>
    public static void EmitStoreIndirect(ILGenerator il, ValType type)
    {
        if (type.Kind == ValKind.V128)
            il.Emit(OpCodes.Stobj, typeof(Vector128<byte>));
        else
            il.Emit(type.Kind switch
            {
                ValKind.I32 => OpCodes.Stind_I4,
                ValKind.I64 => OpCodes.Stind_I8,
                ValKind.F32 => OpCodes.Stind_R4,
                ValKind.F64 => OpCodes.Stind_R8,
                _ => OpCodes.Stind_Ref,
            });
    }

    /// <summary>Pushes the zero of a type.</summary>
    public static void EmitDefault(ILGenerator il, Type type)
    {
        if (type == typeof(int))
        {
            il.Emit(OpCodes.Ldc_I4_0);
        }
        else if (type == typeof(long))
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I8);
        }
        else if (type == typeof(float))
        {
            il.Emit(OpCodes.Ldc_R4, 0f);
        }
        else if (type == typeof(double))
        {
            il.Emit(OpCodes.Ldc_R8, 0d);
        }
        else if (type == typeof(Vector128<byte>))
        {
            il.Emit(OpCodes.Call, typeof(Vector128<byte>).GetProperty(nameof(Vector128<byte>.Zero))!.GetMethod!);
        }
        else
        {
            il.Emit(OpCodes.Ldnull);
        }
    }
}
