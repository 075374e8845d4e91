using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>A row for a load or store of a vector or of a part of one.</summary>
/// <param name="Code">The IL instruction that reads or writes memory.</param>
/// <param name="IsStore">Whether it writes.</param>
/// <param name="Lane">The lanes of <paramref name="Method"/>.</param>
/// <param name="Method">What makes a vector of the number that was read, or a number of the vector that is written.</param>
/// <param name="Widened">The lanes to be widened, of a vector whose low half was read.</param>
internal sealed record VectorAccess(OpCode Code, bool IsStore, Type Lane, string? Method, Type? Widened = null)
{
    private static readonly OpcodeTable<VectorAccess> ByOpcode = new()
    {
        [Opcode.V128Load] = new(OpCodes.Ldobj, false, typeof(byte), null),
        [Opcode.V128Load8x8S] = LowHalf(typeof(sbyte)),
        [Opcode.V128Load8x8U] = LowHalf(typeof(byte)),
        [Opcode.V128Load16x4S] = LowHalf(typeof(short)),
        [Opcode.V128Load16x4U] = LowHalf(typeof(ushort)),
        [Opcode.V128Load32x2S] = LowHalf(typeof(int)),
        [Opcode.V128Load32x2U] = LowHalf(typeof(uint)),
        [Opcode.V128Load8Splat] = new(OpCodes.Ldind_U1, false, typeof(byte), nameof(Vector128.Create)),
        [Opcode.V128Load16Splat] = new(OpCodes.Ldind_U2, false, typeof(ushort), nameof(Vector128.Create)),
        [Opcode.V128Load32Splat] = new(OpCodes.Ldind_U4, false, typeof(uint), nameof(Vector128.Create)),
        [Opcode.V128Load64Splat] = new(OpCodes.Ldind_I8, false, typeof(ulong), nameof(Vector128.Create)),
        [Opcode.V128Load32Zero] = new(OpCodes.Ldind_U4, false, typeof(uint), nameof(Vector128.CreateScalar)),
        [Opcode.V128Load64Zero] = new(OpCodes.Ldind_I8, false, typeof(ulong), nameof(Vector128.CreateScalar)),
        [Opcode.V128Load8Lane] = new(OpCodes.Ldind_U1, false, typeof(byte), nameof(Vector128.WithElement)),
        [Opcode.V128Load16Lane] = new(OpCodes.Ldind_U2, false, typeof(ushort), nameof(Vector128.WithElement)),
        [Opcode.V128Load32Lane] = new(OpCodes.Ldind_U4, false, typeof(uint), nameof(Vector128.WithElement)),
        [Opcode.V128Load64Lane] = new(OpCodes.Ldind_I8, false, typeof(ulong), nameof(Vector128.WithElement)),
        [Opcode.V128Store] = new(OpCodes.Stobj, true, typeof(byte), null),
        [Opcode.V128Store8Lane] = new(OpCodes.Stind_I1, true, typeof(byte), nameof(Vector128.GetElement)),
        [Opcode.V128Store16Lane] = new(OpCodes.Stind_I2, true, typeof(ushort), nameof(Vector128.GetElement)),
        [Opcode.V128Store32Lane] = new(OpCodes.Stind_I4, true, typeof(uint), nameof(Vector128.GetElement)),
        [Opcode.V128Store64Lane] = new(OpCodes.Stind_I8, true, typeof(ulong), nameof(Vector128.GetElement)),
    };

    public static VectorAccess Of(Opcode opcode) => ByOpcode[opcode]!;

    /// <summary>Emits, after the vector, which lane of it is read or written.</summary>
    public void EmitLane(ILGenerator il, byte lane)
    {
        VectorEmission.EmitReinterpretation(il, typeof(byte), Lane);
        il.Emit(OpCodes.Ldc_I4, (int)lane);
    }

    /// <summary>Emits a load; the vector and the lane, if any, and the address are on the IL stack.</summary>
    public void EmitLoad(ILGenerator il)
    {
        EmitAccess(il);
        if (Method is not null)
            il.Emit(OpCodes.Call, VectorEmission.MethodOf(Method, Lane, Method == nameof(Vector128.WithElement) ? 3 : 1));
        if (Widened is null)
        {
            VectorEmission.EmitReinterpretation(il, Lane, typeof(byte));
            return;
        }

        VectorEmission.EmitReinterpretation(il, Lane, Widened);
        var widening = VectorEmission.MethodOf(nameof(Vector128.WidenLower), Widened, 1);
        il.Emit(OpCodes.Call, widening);
        VectorEmission.EmitReinterpretation(il, widening.ReturnType.GetGenericArguments()[0], typeof(byte));
    }

    /// <summary>Emits a store; the address, the vector and the lane, if any, are on the IL stack.</summary>
    /// <param name="il">Where to.</param>
    /// <param name="isSingle">Whether the JIT must not make one of it and its neighbours.</param>
    public void EmitStore(ILGenerator il, bool isSingle)
    {
        if (Method is not null)
            il.Emit(OpCodes.Call, VectorEmission.MethodOf(Method, Lane, 2));
        if (isSingle)
            il.Emit(OpCodes.Volatile);
        EmitAccess(il);
    }

    private static VectorAccess LowHalf(Type widened) =>
        new(OpCodes.Ldind_I8, false, typeof(ulong), nameof(Vector128.CreateScalarUnsafe), widened);

    private void EmitAccess(ILGenerator il)
    {
        if (Method is not null)
        {
            il.Emit(Code);
            return;
        }

        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(Code, typeof(Vector128<byte>));
    }
}
