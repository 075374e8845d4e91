using System.Collections;
using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>Checks function bodies and constant expressions, one after the other, by abstract interpretation of their types.</summary>
/// <remarks>
/// Section 3.4 "Instructions" with the algorithm of the appendix "Validation Algorithm". The stacks are reused, so that
/// checking an instruction allocates nothing. Instructions whose types stand in the instruction table are checked from there; the
/// others have methods in the partial files.
/// </remarks>
/// <param name="module">The module as decoded.</param>
/// <param name="types">Its types; all index spaces are filled before a body is checked.</param>
/// <param name="budget">What it may cost: a step for each instruction.</param>
/// <param name="declared">The functions that occur outside of bodies, by index (the references of section 3.1.6 "Contexts"). Constant expressions add those that they name.</param>
internal sealed partial class CodeValidator(ModuleDefinition module, ModuleTypes types, LoadBudget budget, bool[] declared)
{
    private readonly TypeRegistry _registry = types.Registry;

    private Instruction _instruction;

    /// <summary>The globals below this index can be seen: all, but while the globals themselves are checked.</summary>
    private int _visibleGlobals;
    private bool _isConstant;

    /// <summary>The function whose body is checked; means nothing while constant expressions are.</summary>
    private int _function;

    /// <summary>Section 3.5.6 "Functions".</summary>
    /// <param name="index">The index of the function.</param>
    /// <param name="type">Its type.</param>
    /// <param name="statements">Where the places are marked at which a statement begins (<see cref="BodyNotes.Statements"/>); null for nowhere.</param>
    public BodyNotes ValidateFunction(int index, FuncType type, BitArray? statements)
    {
        _isConstant = false;
        _function = index;
        var function = module.Functions[index];
        var body = function.Body!;
        var length = body.Code.End - function.Offset;
        if (length > ImplementationLimits.FunctionBody)
            throw Invalid($"function body too long: {length} bytes, and the limit is {ImplementationLimits.FunctionBody}", function.Offset);

        _visibleGlobals = types.GlobalTypes.Length;
        SetLocals(type.ParameterArray, body, function.Offset);
        Validate(body.Code, type.ResultArray, statements);
        return new BodyNotes(_highest, _listedValues, statements);
    }

    /// <summary>Section 3.4.13 "Expressions": an expression that gives one value and whose instructions are all constant.</summary>
    /// <param name="expression">Its bytes.</param>
    /// <param name="type">What it must give.</param>
    /// <param name="visibleGlobals">The globals below this index can be read.</param>
    public void ValidateConstant(ByteRange expression, ValType type, int visibleGlobals)
    {
        _isConstant = true;
        _visibleGlobals = visibleGlobals;
        ClearLocals();
        Validate(expression, types.Single(type));
    }

    private void Validate(ByteRange code, ValType[] results, BitArray? statements = null)
    {
        _height = 0;
        _highest = 0;
        _listedValues = 0;
        _frameCount = 0;
        PushFrame(Opcode.Block, [], results);
        var reader = new InstructionReader(module.Bytes.Span, code);
        while (_frameCount > 0)
        {
            budget.Spend();
            reader.Read(ref _instruction);
            if (_isConstant && !IsConstantInstruction())
                throw Invalid("constant expression required");
            CheckInstruction();
            if (statements is not null && _frameCount > 0 && _height == Innermost.Height)
                statements[reader.Offset - code.Offset] = true;
        }
    }

    private void CheckInstruction()
    {
        var info = _instruction.Info;
        if (info.Signature is null)
        {
            CheckByMethod();
            return;
        }

        var operandTypes = OperandTypes.Of(info, CheckImmediate(info));
        Pop(operandTypes.Operands);
        Push(operandTypes.Results);
    }

    /// <summary>Checks what the instruction names, and tells the type of the addresses that it takes; <c>i32</c> where it takes none.</summary>
    private ValType CheckImmediate(InstructionInfo info)
    {
        switch (info.Immediate)
        {
            case Immediate.MemoryArgument:
                return CheckMemoryArgument(info);
            case Immediate.MemoryArgumentAndLane:
                CheckLane(info);
                return CheckMemoryArgument(info);
            case Immediate.Lane:
                CheckLane(info);
                return ValType.I32;
            case Immediate.Lanes:
                CheckShuffle();
                return ValType.I32;
            case Immediate.Memory:
                return MemoryAt(_instruction.Index).AddressType;
            case Immediate.Table:
                return TableAt(_instruction.Index).AddressType;
            case Immediate.Data:
                CheckDataSegment(_instruction.Index);
                return ValType.I32;
            case Immediate.Element:
                ElementTypeAt(_instruction.Index);
                return ValType.I32;
            default:
                return ValType.I32;
        }
    }

    /// <summary>Section 3.4.13 "Expressions": whether the instruction may stand in a constant expression.</summary>
    private bool IsConstantInstruction() => _instruction.Opcode switch
    {
        Opcode.I32Const or Opcode.I64Const or Opcode.F32Const or Opcode.F64Const or Opcode.V128Const
            or Opcode.I32Add or Opcode.I32Sub or Opcode.I32Mul or Opcode.I64Add or Opcode.I64Sub or Opcode.I64Mul
            or Opcode.RefNull or Opcode.RefFunc or Opcode.RefI31
            or Opcode.StructNew or Opcode.StructNewDefault or Opcode.ArrayNew or Opcode.ArrayNewDefault or Opcode.ArrayNewFixed
            or Opcode.AnyConvertExtern or Opcode.ExternConvertAny => true,

        // One that is not visible is told as unknown.
        Opcode.GlobalGet => _instruction.Index >= _visibleGlobals || !types.GlobalTypes[_instruction.Index].IsMutable,
        Opcode.End => true,
        _ => false,
    };

    private InvalidModuleException Invalid(string problem) => Invalid(problem, _instruction.Offset);

    private InvalidModuleException Invalid(string problem, int offset) =>
        new(problem, offset, _isConstant ? null : $"function {Named(NameSubsection.Function, _function)}");

    private string Named(NameSubsection kind, int index) => module.Names.Describe(kind, index);

    private string NamedType(int index) => Named(NameSubsection.Type, index);

    private string NamedLocal(int index) => module.Names.Describe(NameSubsection.Local, _function, index);
}
