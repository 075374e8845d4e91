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
        _implicit = implicitSites;
        _maySuspend = new bool[module.Functions.Count];
        _hasCalls = new bool[module.Functions.Count];
        _isInTraces = new bool[module.Functions.Count];
        _counts = new (int, int)[module.Functions.Count];
        _callers = new int[module.Functions.Count];
        for (var i = 0; i < module.ImportedFunctionCount; i++)
            (_maySuspend[i], _isInTraces[i]) = (true, true);

        var scans = new List<Scan>();
        FunctionPass.Run(module.ImportedFunctionCount, module.Functions.Count, module.CodeLength, budget ?? new LoadBudget(), threadBudget =>
        {
            var scan = new Scan(this, module, threadBudget);
            scans.Add(scan);
            return scan.Read;
        });
        if (implicitSites == ImplicitSites.Everywhere)
            Array.Fill(_maySuspend, true);
        WrittenTables = [.. scans.SelectMany(static scan => scan.WrittenTables)];
        SpreadToCallers(scans);
    }

    /// <summary>The tables that code of the module may write to.</summary>
    public HashSet<int> WrittenTables { get; }

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
    public bool IsSite(in Instruction instruction) => instruction.Opcode == Opcode.Call ? MaySuspend(instruction.Index) : IsOtherSite(in instruction);

    /// <summary>Whether the call may end in the middle of the instruction, so that the function leaves that to its caller, as an exception.</summary>
    public bool MayEnd(Opcode opcode) => HasLoopSites && FunctionUses.WorksOnRange(opcode);

    /// <summary>Whether the instruction calls a function, as a tail call or not.</summary>
    public static bool IsCall(Opcode opcode) => opcode is Opcode.Call or Opcode.CallIndirect or Opcode.CallRef
        or Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef;

    /// <summary>Whether the instruction throws an exception.</summary>
    public static bool IsThrow(Opcode opcode) => opcode is Opcode.Throw or Opcode.ThrowRef or Opcode.Rethrow;

    /// <summary>Whether the function may be suspended at an instruction that is no direct call.</summary>
    private bool IsOtherSite(in Instruction instruction) => instruction.Opcode switch
    {
        Opcode.CallIndirect or Opcode.CallRef or Opcode.MemoryAtomicWait32 or Opcode.MemoryAtomicWait64 => true,
        Opcode.Loop => HasLoopSites,
        _ => false,
    };

    private bool IsPiece(int number) => number >= _maySuspend.Length;

    /// <summary>Marks the callers of functions that may suspend, their callers, and so on.</summary>
    private void SpreadToCallers(List<Scan> scans)
    {
        foreach (var (callee, _) in scans.SelectMany(static scan => scan.Calls))
            _callers[callee]++;

        // The callers of each function, one after the other.
        var ends = new int[_callers.Length];
        for (var i = 1; i < ends.Length; i++)
            ends[i] = ends[i - 1] + _callers[i - 1];
        var callers = new int[scans.Sum(static scan => scan.Calls.Count)];
        foreach (var (callee, caller) in scans.SelectMany(static scan => scan.Calls))
            callers[ends[callee]++] = caller;

        var found = new Stack<int>(Enumerable.Range(0, _maySuspend.Length).Where(MaySuspend));
        while (found.TryPop(out var function))
        {
            foreach (var caller in callers.AsSpan(ends[function] - _callers[function], _callers[function]))
            {
                if (_maySuspend[caller])
                    continue;
                _maySuspend[caller] = true;
                found.Push(caller);
            }
        }
    }

    /// <summary>What a thread finds in functions. It writes to the places of each in the lists of the analysis.</summary>
    private sealed class Scan(SuspensionAnalysis analysis, ModuleDefinition module, LoadBudget budget)
    {
        /// <summary>The direct calls: what is called, by what.</summary>
        public List<(int Callee, int Caller)> Calls { get; } = [];

        /// <summary>The tables that are written to.</summary>
        public HashSet<int> WrittenTables { get; } = [];

        /// <summary>Reads a function.</summary>
        public void Read(int function)
        {
            budget.Spend();
            var length = 0;
            var (sites, joins) = (1, 0);
            var (hasCalls, isInTraces, maySuspend) = (false, false, false);
            var hasThrows = (analysis._implicit & ImplicitSites.Throws) != 0;
            var reader = new InstructionReader(module.Bytes.Span, module.Functions[function].Body!.Code);
            var instruction = default(Instruction);
            while (reader.HasMore)
            {
                budget.Spend();
                reader.Read(ref instruction);
                var isDirect = instruction.Opcode is Opcode.Call or Opcode.ReturnCall;
                if (isDirect)
                    Calls.Add((instruction.Index, function));
                hasCalls = hasCalls || IsCall(instruction.Opcode);
                isInTraces = isInTraces || !FunctionUses.IsHarmless(in instruction);
                NoteTableWrite(in instruction);
                length += StraightCode.WeightOf(in instruction);
                sites += isDirect || analysis.IsOtherSite(in instruction) || instruction.Opcode is Opcode.TableGet or Opcode.ReturnCallIndirect ? 1 : 0;
                joins += instruction.Opcode is Opcode.Catch or Opcode.CatchAll ? 1 : FunctionUses.JoinsOf(in instruction);
                maySuspend = maySuspend || (isDirect ? analysis.HasEntrySites
                    : IsCall(instruction.Opcode) || analysis.IsOtherSite(in instruction) || analysis.MayEnd(instruction.Opcode) || (hasThrows && IsThrow(instruction.Opcode)));
            }

            analysis._hasCalls[function] = hasCalls;
            analysis._isInTraces[function] = isInTraces;
            analysis._counts[function] = (sites + (analysis.HasLoopSites ? StraightCode.MostPollsOf(length, joins) : 0), joins);
            analysis._maySuspend[function] = maySuspend || (analysis.HasLoopSites && StraightCode.MayHavePolls(length));
        }

        private void NoteTableWrite(in Instruction instruction)
        {
            if (instruction.Opcode is Opcode.TableSet or Opcode.TableGrow or Opcode.TableFill or Opcode.TableCopy)
                WrittenTables.Add(instruction.Index);
            else if (instruction.Opcode == Opcode.TableInit)
                WrittenTables.Add(instruction.Index2);
        }
    }
}
