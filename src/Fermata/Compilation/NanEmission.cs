using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The IL that makes NaNs canonical behind the instructions whose results may be NaNs that they have made.</summary>
/// <remarks>Those that only move bits keep them: <c>abs</c>, <c>neg</c>, <c>copysign</c>, <c>pmin</c> and <c>pmax</c> (section 4.3.3 "Floating-Point Operations").</remarks>
internal static class NanEmission
{
    private static readonly string[] Operations =
    [
        "ceil", "floor", "trunc", "nearest", "sqrt", "add", "sub", "mul", "div", "min", "max",
        "demote_f64", "promote_f32", "demote_f64x2_zero", "promote_low_f32x4",
        "relaxed_min", "relaxed_max", "relaxed_madd", "relaxed_nmadd",
    ];

    private static readonly Dictionary<string, MethodInfo> Methods = new()
    {
        ["f32"] = ContextMembers.Method(typeof(CanonicalNan), nameof(CanonicalNan.OfF32)),
        ["f64"] = ContextMembers.Method(typeof(CanonicalNan), nameof(CanonicalNan.OfF64)),
        ["f32x4"] = ContextMembers.Method(typeof(CanonicalNan), nameof(CanonicalNan.OfF32x4)),
        ["f64x2"] = ContextMembers.Method(typeof(CanonicalNan), nameof(CanonicalNan.OfF64x2)),
    };

    private static readonly OpcodeTable<MethodInfo> ByOpcode = CreateTable();

    /// <summary>Emits what makes the result of an instruction, which is on the IL stack, canonical.</summary>
    public static void Emit(ILGenerator il, Opcode opcode)
    {
        if (ByOpcode[opcode] is { } method)
            il.Emit(OpCodes.Call, method);
    }

    private static OpcodeTable<MethodInfo> CreateTable()
    {
        var table = new OpcodeTable<MethodInfo>();
        foreach (var row in InstructionTable.Rows)
        {
            if (row.Name.Split('.') is [var type, var operation] && Operations.Contains(operation) && Methods.TryGetValue(type, out var method))
                table[row.Opcode] = method;
        }

        return table;
    }
}
