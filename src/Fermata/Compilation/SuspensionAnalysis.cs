using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Finds which functions of a module may suspend: their callers test for it after the call, and save a frame.</summary>
/// <remarks>
/// A module is compiled before it is known what is imported, so every imported function may suspend, and so may whatever a function
/// reference leads to. All functions that reach such a call, directly or not, may suspend too.
/// </remarks>
internal sealed class SuspensionAnalysis
{
    private readonly bool[] _maySuspend;

    /// <param name="module">The module.</param>
    /// <param name="everywhere">Whether all functions count as functions that may suspend (<see cref="EngineOptions.SuspendEverywhere"/>).</param>
    public SuspensionAnalysis(ModuleDefinition module, bool everywhere)
    {
        _maySuspend = new bool[module.Functions.Count];
        if (everywhere)
        {
            Array.Fill(_maySuspend, true);
            return;
        }

        var callers = new List<int>?[module.Functions.Count];
        var found = new Stack<int>();
        for (var i = 0; i < module.Functions.Count; i++)
        {
            if (module.Functions[i].Body is { } body)
                ScanCalls(module, body, i, callers, found);
            else
                Mark(i, found);
        }

        while (found.TryPop(out var function))
        {
            foreach (var caller in callers[function] ?? [])
                Mark(caller, found);
        }
    }

    public bool MaySuspend(int function) => _maySuspend[function];

    /// <summary>Whether the instruction is a call that may suspend and after which the function goes on.</summary>
    public bool IsSite(in Instruction instruction) => instruction.Opcode switch
    {
        Opcode.Call => _maySuspend[instruction.Index],
        Opcode.CallIndirect or Opcode.CallRef => true,
        _ => false,
    };

    private void ScanCalls(ModuleDefinition module, FunctionBody body, int function, List<int>?[] callers, Stack<int> found)
    {
        var reader = new InstructionReader(module.Bytes.Span, body.Code);
        var instruction = default(Instruction);
        while (reader.HasMore)
        {
            reader.Read(ref instruction);
            if (instruction.Opcode is Opcode.Call or Opcode.ReturnCall)
                (callers[instruction.Index] ??= []).Add(function);
            else if (instruction.Opcode is Opcode.CallIndirect or Opcode.CallRef or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef)
                Mark(function, found);
        }
    }

    private void Mark(int function, Stack<int> found)
    {
        if (_maySuspend[function])
            return;
        _maySuspend[function] = true;
        found.Push(function);
    }
}
