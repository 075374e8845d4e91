using Fermata.Binary;
using System.Collections.Frozen;
using Fermata.Structure;

namespace Fermata.Fuzz.Rewriting;

/// <summary>Adds to the code what makes every run end and, where asked for, every result determined.</summary>
/// <remarks>
/// Each function and each loop takes a unit from a global, and traps where none is left: after the same steps in every engine.
/// Arrays get a length of at most 4095. Values of relaxed instructions are replaced by zero, as they are the engine's choice
/// (section 4.3.6 "Relaxed Operations"). NaNs that an instruction makes get one payload, as the payload is the engine's choice
/// (section 4.3.3 "Floating-Point Operations").
/// </remarks>
internal sealed class Instrumentation
{
    private const int MostElements = 4095;

    private static readonly FrozenSet<Opcode> NewArrays = [Opcode.ArrayNew, Opcode.ArrayNewDefault];

    private static readonly string[] NanMakers =
        ["add", "sub", "mul", "div", "min", "max", "sqrt", "ceil", "floor", "trunc", "nearest", "demote_f64", "promote_f32", "demote_f64x2_zero", "promote_low_f32x4"];

    private static readonly FrozenDictionary<Opcode, string> NanShapes = InstructionTable.Rows
        .Where(row => row.Name.Split('.') is ["f32" or "f64" or "f32x4" or "f64x2", var operation] && NanMakers.Contains(operation))
        .ToFrozenDictionary(row => row.Opcode, row => row.Name.Split('.')[0]);

    private readonly ModuleEditor _editor;
    private readonly bool _determinesNans;

    private Instrumentation(ModuleEditor editor, int fuel, bool determinesNans)
    {
        _editor = editor;
        _determinesNans = determinesNans;
        FuelGlobal = editor.AddGlobal(fuel);
    }

    private int FuelGlobal { get; }

    /// <summary>Changes all functions of the module.</summary>
    /// <returns>The index of the global that holds how many steps are left.</returns>
    public static int Apply(ModuleEditor editor, int fuel, bool determinesNans)
    {
        var instrumentation = new Instrumentation(editor, fuel, determinesNans);
        for (var index = editor.Definition.ImportedFunctionCount; index < editor.Definition.Functions.Count; index++)
            instrumentation.Rewrite(index);
        return instrumentation.FuelGlobal;
    }

    private void Rewrite(int functionIndex)
    {
        var body = new BodyWriter(_editor.Definition, functionIndex);
        TakeFuel(body.Code);
        body.Visit((ref instruction, bytes) => Write(body, instruction.Info, bytes));
        _editor.ReplaceBody(functionIndex, body.ToBody());
    }

    private void Write(BodyWriter body, InstructionInfo info, ReadOnlySpan<byte> bytes)
    {
        if (NewArrays.Contains(info.Opcode))
        {
            body.Code.I32Const(MostElements);
            body.Code.WriteOpcode(Opcode.I32And);
        }

        body.Code.Write(bytes);
        if (info.Opcode == Opcode.Loop)
            TakeFuel(body.Code);
        else if (info.Name.Contains("relaxed", StringComparison.Ordinal))
            ReplaceByZero(body.Code);
        else if (_determinesNans && NanShapes.TryGetValue(info.Opcode, out var shape))
            DetermineNan(body, shape);
    }

    private void TakeFuel(ByteWriter code)
    {
        code.WriteIndexed(Opcode.GlobalGet, FuelGlobal);
        code.WriteOpcode(Opcode.I32Eqz);
        code.Write([(byte)Opcode.If, 0x40, (byte)Opcode.Unreachable, (byte)Opcode.End]);
        code.WriteIndexed(Opcode.GlobalGet, FuelGlobal);
        code.I32Const(1);
        code.WriteOpcode(Opcode.I32Sub);
        code.WriteIndexed(Opcode.GlobalSet, FuelGlobal);
    }

    private static void ReplaceByZero(ByteWriter code)
    {
        code.WriteOpcode(Opcode.Drop);
        code.V128Const(0);
    }

    /// <summary>x becomes x == x ? x : NaN, in each lane of a vector.</summary>
    private static void DetermineNan(BodyWriter body, string shape)
    {
        var code = body.Code;
        var (type, equals, choice) = shape switch
        {
            "f32" => (ValType.F32, Opcode.F32Eq, Opcode.Select),
            "f64" => (ValType.F64, Opcode.F64Eq, Opcode.Select),
            "f32x4" => (ValType.V128, Opcode.F32x4Eq, Opcode.V128Bitselect),
            _ => (ValType.V128, Opcode.F64x2Eq, Opcode.V128Bitselect),
        };
        var value = body.Scratch(type);
        code.LocalSet(value);
        code.LocalGet(value);
        switch (shape)
        {
            case "f32":
                code.F32Const(0x7FC00000);
                break;
            case "f64":
                code.F64Const(0x7FF8000000000000);
                break;
            default:
                code.V128Const(shape == "f32x4" ? 0x7FC000007FC00000UL : 0x7FF8000000000000UL);
                break;
        }

        code.LocalGet(value);
        code.LocalGet(value);
        code.WriteOpcode(equals);
        code.WriteOpcode(choice);
    }
}
