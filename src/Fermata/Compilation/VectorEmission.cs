using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Fermata.Execution;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The IL of a vector instruction: a call, and what makes <c>Vector128&lt;byte&gt;</c> of other vectors and back, which costs nothing.</summary>
/// <remarks>
/// An instruction without a row is the method of <see cref="VectorOperations"/> that has its name. Rows call .NET's own methods, which the
/// JIT knows, from generated code: methods around them would have to be inlined, and in large functions the JIT stops doing so.
/// </remarks>
internal sealed partial class VectorEmission
{
    private const int Prefix = 0xFD;

    private static readonly MethodInfo[] VectorMethods =
        [.. typeof(Vector128).GetMethods(BindingFlags.Static | BindingFlags.Public).OrderBy(method => method.GetParameters().Length)];

    private static readonly MethodInfo Reinterpretation =
        VectorMethods.Single(method => method.Name == nameof(Vector128.As) && method.GetGenericArguments().Length == 2);

    private static readonly FrozenDictionary<Opcode, VectorEmission> ByOpcode = CreateTable();

    private readonly MethodInfo _method;
    private readonly Type[] _parameters;

    private VectorEmission(MethodInfo method)
    {
        _method = method;
        _parameters = [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
    }

    /// <summary>How many operands the method takes, with the lane that some take last.</summary>
    public int ParameterCount => _parameters.Length;

    public static bool IsVector(Opcode opcode) => (int)opcode >> 12 == Prefix;

    public static VectorEmission Of(Opcode opcode) => ByOpcode[opcode];

    /// <summary>Whether it takes a vector of floating-point numbers in this place.</summary>
    public bool TakesFloats(int operand) => LaneOf(_parameters[operand]) is { } lane && (lane == typeof(float) || lane == typeof(double));

    /// <summary>Emits what makes the operand on the IL stack one of the method.</summary>
    public void EmitConversion(ILGenerator il, int operand)
    {
        var type = _parameters[operand];
        if (type == typeof(byte))
            il.Emit(OpCodes.Conv_U1);
        else if (type == typeof(ushort))
            il.Emit(OpCodes.Conv_U2);
        else if (LaneOf(type) is { } lane)
            EmitReinterpretation(il, typeof(byte), lane);
    }

    /// <summary>Emits the call.</summary>
    public void EmitCall(ILGenerator il)
    {
        il.Emit(OpCodes.Call, _method);
        if (LaneOf(_method.ReturnType) is { } lane)
            EmitReinterpretation(il, lane, typeof(byte));
    }

    /// <summary>Emits a load or store; the address, the vector and the lane are on the IL stack.</summary>
    public static void EmitAccess(ILGenerator il, Opcode opcode)
    {
        if (opcode is not (Opcode.V128Load or Opcode.V128Store))
        {
            Of(opcode).EmitCall(il);
            return;
        }

        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(opcode == Opcode.V128Load ? OpCodes.Ldobj : OpCodes.Stobj, typeof(Vector128<byte>));
    }

    public static void EmitReinterpretation(ILGenerator il, Type from, Type to)
    {
        if (from != to)
            il.Emit(OpCodes.Call, Reinterpretation.MakeGenericMethod(from, to));
    }

    /// <summary>The method of <see cref="Vector128"/> whose first parameter is a vector of such lanes or such a number; the one with the fewest parameters.</summary>
    public static MethodInfo MethodOf(string name, Type lane)
    {
        var vector = typeof(Vector128<>).MakeGenericType(lane);
        foreach (var candidate in VectorMethods)
        {
            if (candidate.Name != name || candidate.GetGenericArguments().Length > 1)
                continue;
            var method = candidate.IsGenericMethodDefinition ? candidate.MakeGenericMethod(lane) : candidate;
            var first = method.GetParameters()[0].ParameterType;
            if (first == vector || first == lane)
                return method;
        }

        throw new MissingMethodException(nameof(Vector128), name);
    }

    private static Type? LaneOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Vector128<>) ? type.GetGenericArguments()[0] : null;

    private static FrozenDictionary<Opcode, VectorEmission> CreateTable()
    {
        var table = new Dictionary<Opcode, VectorEmission>();
        foreach (var method in typeof(VectorOperations).GetMethods(BindingFlags.Static | BindingFlags.Public))
        {
            if (Enum.TryParse<Opcode>(method.Name, out var opcode))
                table.Add(opcode, new VectorEmission(method));
        }

        foreach (var (opcode, lane, name) in Rows)
            table.Add(opcode, new VectorEmission(MethodOf(name, lane)));
        return table.ToFrozenDictionary();
    }
}
