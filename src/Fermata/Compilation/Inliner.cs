using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Reads the instructions of a function, with those of small functions that it calls in place of the calls.</summary>
/// <remarks>
/// All that comes after sees one function with more locals and blocks: the arguments are stored in locals that stand for the parameters of the callee, its body is a block with
/// its results, and a return is a branch to the end of that. What depends on whose code an instruction is asks for its activation (<see cref="InstructionList.Activation"/>): the
/// trace of a trap. What is inlined depends on the bytes of the module and the options alone.
/// </remarks>
internal sealed class Inliner
{
    /// <summary>What each function between which an indirect call chooses takes in the code, beside its arguments.</summary>
    private const int ChoiceOverhead = 10;

    private readonly ModuleCompiler _module;
    private readonly InstructionList _code;
    private readonly List<ValType> _locals = [];
    private readonly List<InlinedCall> _calls = [];
    private readonly int _firstLocal;
    private int _room;

    private Inliner(ModuleCompiler module, WholeFunction function, InstructionList code)
    {
        _module = module;
        _code = code;
        _firstLocal = LocalTypes.CountOf(module, function.Function);
        _room = module.Options.InlinedBytes == 0 ? 0 : RoomOf(module, function);
    }

    /// <summary>Reads a function.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="function">The function.</param>
    /// <param name="code">Takes the instructions.</param>
    /// <returns>What was inlined.</returns>
    public static Inlining Read(ModuleCompiler module, WholeFunction function, InstructionList code)
    {
        var inliner = new Inliner(module, function, code);
        var body = module.Definition.Functions[function.Function].Body!;
        if (inliner._room == 0)
        {
            code.Read(module.Definition.Bytes.Span, body.Code, module.Budget);
            return Inlining.None;
        }

        inliner.ReadBody(body, activation: 0, firstLocal: 0);
        return new Inlining(inliner._firstLocal, inliner._locals, [.. inliner._calls]);
    }

    private static int RoomOf(ModuleCompiler module, WholeFunction function)
    {
        var objectBytes = StackObjects.BytesOf(module.Definition, module.Types, module.Definition.Functions[function.Function].Body!, module.Budget);
        var listedValues = module.Types.Bodies.Of(function.Function).ListedValues;
        return FunctionLimits.RoomOf(module.SizeOf(function.Function), LargeFrame.RoomOf(function.CountValues(module), listedValues, objectBytes));
    }

    private void ReadBody(FunctionBody body, int activation, int firstLocal)
    {
        var reader = new InstructionReader(_module.Definition.Bytes.Span, body.Code);
        var instruction = default(Instruction);
        var depth = 0;
        while (reader.HasMore)
        {
            _module.Budget.Spend();
            reader.Read(ref instruction);
            if (instruction.Opcode == Opcode.Call && TakeRoom(instruction.Index))
            {
                AddCall(instruction.Index, activation, standsForCall: true);
                continue;
            }

            if (instruction.Opcode == Opcode.CallIndirect && FindTargets(in instruction) is { } targets)
            {
                AddChoice(targets, instruction.Index, instruction.Index2, instruction.Offset, activation);
                continue;
            }

            if (activation > 0)
                Adapt(ref instruction, firstLocal, depth);
            depth += instruction.Info.DepthChange;
            _code.Add(in instruction, activation);
        }
    }

    /// <summary>Makes an instruction of a callee one of the caller.</summary>
    private static void Adapt(ref Instruction instruction, int firstLocal, int depth)
    {
        if (instruction.Info.Immediate == Immediate.Local)
            instruction.Index += firstLocal;
        if (instruction.Opcode != Opcode.Return)
            return;
        instruction.Info = InstructionTable.Get(Opcode.Br);
        instruction.Index = depth;
    }

    /// <summary>Whether a function is inlined here.</summary>
    private bool TakeRoom(int callee)
    {
        if (_room == 0 || _module.Candidates.SizeOf(callee) is not { } size || size > _room)
            return false;
        _room -= size;
        return true;
    }

    /// <summary>The functions that an indirect call can call; null if the call stays.</summary>
    private List<StaticTables.Target>? FindTargets(in Instruction instruction)
    {
        if (_room == 0 || _module.Options.AllowsFunctionPointerCasts
            || _module.StaticTables.Of(instruction.Index2, _module.Types.Types[instruction.Index]) is not { } targets)
            return null;
        var type = _module.Types.FuncType(instruction.Index);
        var size = targets.Count * (ChoiceOverhead + type.ParameterArray.Length);

        // To choose between calls is no faster than to load the function, and has all of them made.
        var sizes = targets.ConvertAll(target => _module.Candidates.SizeOf(target.Function));
        if (targets.Count > 1 && sizes.Contains(null))
            return null;
        if (size + sizes.Sum() > _room || type.ResultArray.Length > 1 || !type.ParameterArray.All(InlineCandidates.IsNumber) || !type.ResultArray.All(InlineCandidates.IsNumber))
            return null;
        _room -= size;
        return targets;
    }

    /// <summary>Adds a function that takes its arguments from the stack.</summary>
    /// <param name="callee">The function.</param>
    /// <param name="caller">The activation that calls it.</param>
    /// <param name="standsForCall">Whether its block stands for the call, or another one around it does.</param>
    private void AddCall(int callee, int caller, bool standsForCall)
    {
        var type = _module.Types.FunctionSignature(callee);
        var body = _module.Definition.Functions[callee].Body!;
        _calls.Add(new InlinedCall(callee, caller));
        var activation = _calls.Count;
        var firstLocal = StoreArguments(type, activation);
        foreach (var group in body.Locals)
        {
            for (var i = 0; i < group.Count; i++)
                AddZero(group.Type, activation);
        }

        AddBlock(type, activation, standsForCall);
        ReadBody(body, activation, firstLocal);
    }

    /// <summary>Adds a comparison of the index with that of each function that it can be, which is inlined or called, and then what traps.</summary>
    private void AddChoice(List<StaticTables.Target> targets, int typeIndex, int table, int offset, int activation)
    {
        var type = _module.Types.FuncType(typeIndex);
        var index = DeclareLocal(ValType.I32);
        AddPassing(Opcode.LocalSet, activation, index);
        var firstArgument = StoreArguments(type, activation);
        AddBlock(type, activation, standsForCall: true);
        foreach (var target in targets)
        {
            AddBlock(type: null, activation, standsForCall: false);
            AddPassing(Opcode.LocalGet, activation, index);
            AddConstant(ValType.I32, target.Index, activation);
            AddPassing(Opcode.I32Ne, activation);
            AddPassing(Opcode.BrIf, activation);
            LoadArguments(type, activation, firstArgument);
            if (TakeRoom(target.Function))
                AddCall(target.Function, activation, standsForCall: false);
            else
                Add(InstructionTable.Get(Opcode.Call), activation, target.Function, offset: offset);
            AddPassing(Opcode.Br, activation, 1);
            AddPassing(Opcode.End, activation);
        }

        LoadArguments(type, activation, firstArgument);
        AddPassing(Opcode.LocalGet, activation, index);
        Add(FailingCall.Info, activation, typeIndex, table, offset);
        AddPassing(Opcode.End, activation);
    }

    /// <summary>Moves arguments from the stack to locals.</summary>
    /// <returns>The first of the locals.</returns>
    private int StoreArguments(FuncType type, int activation)
    {
        var first = _firstLocal + _locals.Count;
        _locals.AddRange(type.ParameterArray);
        for (var i = type.ParameterArray.Length - 1; i >= 0; i--)
            AddPassing(Opcode.LocalSet, activation, first + i);
        return first;
    }

    private void LoadArguments(FuncType type, int activation, int first)
    {
        for (var i = 0; i < type.ParameterArray.Length; i++)
            AddPassing(Opcode.LocalGet, activation, first + i);
    }

    private int DeclareLocal(ValType type)
    {
        _locals.Add(type);
        return _firstLocal + _locals.Count - 1;
    }

    /// <summary>Begins a block with the results of a function, or with none.</summary>
    private void AddBlock(FuncType? type, int activation, bool standsForCall)
    {
        var block = type?.ResultArray is [var result] ? new BlockType(BlockTypeKind.Result, result, -1) : BlockType.Empty;
        _code.Add(new Instruction { Info = InstructionTable.Get(Opcode.Block), Block = block, IsAdded = true }, activation, standsForCall);
    }

    /// <summary>Declares a local of a callee and sets it to zero.</summary>
    private void AddZero(ValType type, int activation)
    {
        AddConstant(type, 0, activation);
        AddPassing(Opcode.LocalSet, activation, DeclareLocal(type));
    }

    private void AddConstant(ValType type, ulong bits, int activation)
    {
        var opcode = type.Kind switch
        {
            ValKind.I32 => Opcode.I32Const,
            ValKind.I64 => Opcode.I64Const,
            ValKind.F32 => Opcode.F32Const,
            ValKind.F64 => Opcode.F64Const,
            _ => Opcode.V128Const,
        };
        _code.Add(new Instruction { Info = InstructionTable.Get(opcode), Bits = bits, IsAdded = true }, activation);
    }

    private void AddPassing(Opcode opcode, int activation, int index = 0) => Add(InstructionTable.Get(opcode), activation, index);

    private void Add(InstructionInfo info, int activation, int index, int index2 = 0, int offset = 0) =>
        _code.Add(new Instruction { Info = info, Index = index, Index2 = index2, Offset = offset, IsAdded = true }, activation);
}
