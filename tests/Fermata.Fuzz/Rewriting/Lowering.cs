using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Fuzz.Rewriting;

/// <summary>How values that a JavaScript host cannot take or give, or not bit for bit, cross the border in others.</summary>
/// <remarks>
/// Floating-point numbers cross as integers of their bits, a vector as two integers, an exception reference as whether it is null. To
/// the module, a reference to a type of its own comes as an integer, zero for null, and is made inside.
/// </remarks>
internal sealed class Lowering(ModuleDefinition definition)
{
    /// <summary>Whether a function of this type can be called by the host as it is.</summary>
    public static bool IsDirect(FuncType type) => type.ParameterArray.All(IsDirect) && type.ResultArray.All(IsDirect);

    public static bool IsDirectResult(ValType type) => IsDirect(type) || type.IsRef && type.Heap != HeapType.Exn && type.Heap != HeapType.NoExn;

    /// <summary>What the host gets for a value.</summary>
    public static ValType[] ToHost(ValType type) => type.Kind switch
    {
        ValKind.F32 => [ValType.I32],
        ValKind.F64 => [ValType.I64],
        ValKind.V128 => [ValType.I64, ValType.I64],
        _ when IsDirectResult(type) => [type],
        _ => [ValType.I32],
    };

    /// <summary>What the host gives for a value; null where it cannot give one.</summary>
    public ValType[]? FromHost(ValType type) => type.Kind switch
    {
        _ when IsDirect(type) => [type],
        ValKind.F32 => [ValType.I32],
        ValKind.F64 => [ValType.I64],
        ValKind.V128 => [ValType.I64, ValType.I64],
        _ when IsInteger(type.Heap) => [ValType.I32],
        _ when Maker(type.Heap) is not null => type.IsNullable ? [ValType.I32] : [],
        _ => type.IsNullable ? [] : null,
    };

    /// <summary>Code that turns the value in a local into what the host gets.</summary>
    public static void EmitToHost(ByteWriter code, ValType type, int local)
    {
        code.LocalGet(local);
        switch (type.Kind)
        {
            case ValKind.F32:
                code.WriteOpcode(Opcode.I32ReinterpretF32);
                break;
            case ValKind.F64:
                code.WriteOpcode(Opcode.I64ReinterpretF64);
                break;
            case ValKind.V128:
                code.Lane(Opcode.I64x2ExtractLane, 0);
                code.LocalGet(local);
                code.Lane(Opcode.I64x2ExtractLane, 1);
                break;
            case ValKind.Ref when !IsDirectResult(type):
                code.WriteOpcode(Opcode.RefIsNull);
                break;
        }
    }

    /// <summary>Code that makes a value from what the host gave, in locals from a first one on.</summary>
    public void EmitFromHost(ByteWriter code, ValType type, int local)
    {
        if (FromHost(type)!.Length > 0)
            code.LocalGet(local);
        switch (type.Kind)
        {
            case ValKind.F32:
                code.WriteOpcode(Opcode.F32ReinterpretI32);
                break;
            case ValKind.F64:
                code.WriteOpcode(Opcode.F64ReinterpretI64);
                break;
            case ValKind.V128:
                code.WriteOpcode(Opcode.I64x2Splat);
                code.LocalGet(local + 1);
                code.Lane(Opcode.I64x2ReplaceLane, 1);
                break;
            case ValKind.Ref when !IsDirect(type):
                EmitReference(code, type);
                break;
        }
    }

    private void EmitReference(ByteWriter code, ValType type)
    {
        if (IsInteger(type.Heap))
        {
            code.WriteOpcode(Opcode.RefI31);
            return;
        }

        var make = Maker(type.Heap);
        if (make is null)
        {
            code.RefNull(type.Heap);
            return;
        }

        if (!type.IsNullable)
        {
            make(code);
            return;
        }

        code.WriteOpcode(Opcode.If);
        code.WriteValType(type);
        make(code);
        code.WriteOpcode(Opcode.Else);
        code.RefNull(type.Heap);
        code.WriteOpcode(Opcode.End);
    }

    /// <summary>What makes an object of a type; null where nothing simple does.</summary>
    private Action<ByteWriter>? Maker(HeapType heap)
    {
        if (!heap.IsDefined)
            return null;
        return definition.Types[heap.Number].Composite switch
        {
            StructType type when type.Fields.All(field => field.Unpacked.IsDefaultable) =>
                code => code.WriteIndexed(Opcode.StructNewDefault, heap.Number),
            ArrayType type when type.Element.Unpacked.IsDefaultable => code =>
            {
                code.I32Const(3);
                code.WriteIndexed(Opcode.ArrayNewDefault, heap.Number);
            }
            ,
            FuncType when definition.Functions.FindIndex(function => function.TypeIndex == heap.Number) is >= 0 and var index =>
                code => code.WriteIndexed(Opcode.RefFunc, index),
            _ => null,
        };
    }

    /// <summary>Whether an integer reference has the type; the host gives it as an integer.</summary>
    private static bool IsInteger(HeapType heap) => heap == HeapType.I31 || heap == HeapType.Eq || heap == HeapType.Any;

    private static bool IsDirect(ValType type) =>
        type.Kind is ValKind.I32 or ValKind.I64 || type == ValType.FuncRef || type.IsRef && type.Heap == HeapType.Extern;
}
