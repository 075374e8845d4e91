using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Finds which functions of a module may suspend: their callers test for it after the call, and save a frame. Finds besides what else takes a look at all code.</summary>
/// <remarks>
/// A module is compiled before it is known what is imported, so every imported function may suspend, and so may whatever a function
/// reference leads to. All functions that reach such a call, directly or not, may suspend too. So may those that wait at a shared memory.
/// A <see cref="Piece"/> of a function counts as one that may suspend, and is in traces.
/// </remarks>
internal sealed class SuspensionAnalysis
{
    private readonly ImplicitSites _implicit;
    private readonly bool[] _maySuspend;
    private readonly bool[] _hasCalls;
    private readonly bool[] _isInTraces;
    private readonly (int Sites, int Joins)[] _counts;
    private readonly int[] _callers;

    /// <param name="module">The module.</param>
    /// <param name="implicitSites">Where code is suspended though it calls nothing.</param>
    /// <param name="budget">What it may cost; anything by default.</param>
    public SuspensionAnalysis(ModuleDefinition module, ImplicitSites implicitSites, LoadBudget? budget = null)
    {
        budget ??= new LoadBudget();
        _implicit = implicitSites;
        _maySuspend = new bool[module.Functions.Count];
        _hasCalls = new bool[module.Functions.Count];
        _isInTraces = new bool[module.Functions.Count];
        _counts = new (int, int)[module.Functions.Count];
        _callers = new int[module.Functions.Count];
        var callers = new List<int>?[module.Functions.Count];
        var found = new Stack<int>();
        for (var i = 0; i < module.Functions.Count; i++)
        {
            if (module.Functions[i].Body is { } body)
                ScanCalls(module, body, i, callers, found, budget);
            else
                Mark(i, found);
            _isInTraces[i] |= module.Functions[i].Body is null;
        }

        if (implicitSites == ImplicitSites.Everywhere)
            Array.Fill(_maySuspend, true);
        for (var i = 0; i < callers.Length; i++)
            _callers[i] = callers[i]?.Count ?? 0;
        while (found.TryPop(out var function))
        {
            foreach (var caller in callers[function] ?? [])
                Mark(caller, found);
        }
    }

    /// <summary>The tables that code of the module may write to.</summary>
    public HashSet<int> WrittenTables { get; } = [];

    public bool MaySuspend(int function) => IsPiece(function) || _maySuspend[function];

    /// <summary>Whether a function may be active when a trap occurs, so that the JIT is not to inline it: it calls something, or has an instruction that may trap.</summary>
    public bool IsInTraces(int function) => IsPiece(function) || _isInTraces[function];

    /// <summary>At how many places a function may be suspended or reads a table, at most, and how many blocks and branch targets it has.</summary>
    public (int Sites, int Joins) Count(int function) => _counts[function];

    /// <summary>Whether a function that calls anything, and so checks the stack, may be suspended at its entry.</summary>
    public bool HasEntrySites => (_implicit & ImplicitSites.Entries) != 0;

    /// <summary>How many direct calls of a function there are in the module.</summary>
    public int CountCallers(int function) => _callers[function];

    /// <summary>Whether code may be suspended at the heads of loops, and so wherever it looks whether it is to go on.</summary>
    public bool HasLoopSites => (_implicit & ImplicitSites.Loops) != 0;

    /// <summary>Whether a function of the module itself looks at its entry whether it is to go on.</summary>
    public bool HasEntrySite(int function) => HasEntrySites && !IsPiece(function) && _hasCalls[function];

    /// <summary>Whether the function may be suspended at the instruction and goes on after it.</summary>
    public bool IsSite(in Instruction instruction) => instruction.Opcode switch
    {
        Opcode.Call => MaySuspend(instruction.Index),
        Opcode.CallIndirect or Opcode.CallRef or Opcode.MemoryAtomicWait32 or Opcode.MemoryAtomicWait64 => true,
        Opcode.Loop => HasLoopSites,
        _ => false,
    };

    /// <summary>Whether the call may end in the middle of the instruction, so that the function leaves that to its caller, as an exception.</summary>
    public bool MayEnd(Opcode opcode) => HasLoopSites && FunctionUses.WorksOnRange(opcode);

    /// <summary>Whether the instruction calls a function, as a tail call or not.</summary>
    public static bool IsCall(Opcode opcode) => opcode is Opcode.Call or Opcode.CallIndirect or Opcode.CallRef
        or Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef;

    /// <summary>Whether the instruction throws an exception.</summary>
    public static bool IsThrow(Opcode opcode) => opcode is Opcode.Throw or Opcode.ThrowRef or Opcode.Rethrow;

    private bool IsPiece(int number) => number >= _maySuspend.Length;

    private void ScanCalls(ModuleDefinition module, FunctionBody body, int function, List<int>?[] callers, Stack<int> found, LoadBudget budget)
    {
        budget.Spend();
        var length = 0;
        var (sites, joins) = (1, 0);
        var (hasCalls, isInTraces) = (false, false);
        var hasThrows = (_implicit & ImplicitSites.Throws) != 0;
        var reader = new InstructionReader(module.Bytes.Span, body.Code);
        var instruction = default(Instruction);
        while (reader.HasMore)
        {
            budget.Spend();
            reader.Read(ref instruction);
            var isDirect = instruction.Opcode is Opcode.Call or Opcode.ReturnCall;
            if (isDirect)
                (callers[instruction.Index] ??= []).Add(function);
            hasCalls = hasCalls || IsCall(instruction.Opcode);
            isInTraces = isInTraces || !FunctionUses.IsHarmless(in instruction);
            NoteTableWrite(in instruction);
            length += StraightCode.WeightOf(in instruction);
            sites += isDirect || IsSite(in instruction) || instruction.Opcode is Opcode.TableGet or Opcode.ReturnCallIndirect ? 1 : 0;
            joins += instruction.Opcode is Opcode.Catch or Opcode.CatchAll ? 1 : FunctionUses.JoinsOf(in instruction);
            if (_maySuspend[function])
                continue;
            if (isDirect ? HasEntrySites : IsCall(instruction.Opcode) || IsSite(in instruction) || MayEnd(instruction.Opcode) || (hasThrows && IsThrow(instruction.Opcode)))
                Mark(function, found);
        }

        _hasCalls[function] = hasCalls;
        _isInTraces[function] = isInTraces;
        _counts[function] = (sites + (HasLoopSites ? StraightCode.MostPollsOf(length, joins) : 0), joins);
        if (HasLoopSites && StraightCode.MayHavePolls(length))
            Mark(function, found);
    }

    private void NoteTableWrite(in Instruction instruction)
    {
        if (instruction.Opcode is Opcode.TableSet or Opcode.TableGrow or Opcode.TableFill or Opcode.TableCopy)
            WrittenTables.Add(instruction.Index);
        else if (instruction.Opcode == Opcode.TableInit)
            WrittenTables.Add(instruction.Index2);
    }

    private void Mark(int function, Stack<int> found)
    {
        if (_maySuspend[function])
            return;
        _maySuspend[function] = true;
        found.Push(function);
    }
}
