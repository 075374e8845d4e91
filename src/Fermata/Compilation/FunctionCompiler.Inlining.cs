using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Code of functions that are inlined: which code is of which of them, so that traces have them.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>The stretches of IL that belong to one activation each.</summary>
    private readonly List<(int Offset, int Activation, bool MayFault)> _stretches = [(0, 0, false)];

    /// <summary>The cold code of each activation, by its number; null for one that no code was emitted of.</summary>
    private readonly List<ColdCode?> _coldCodes = [];

    /// <summary>The activation that the code is of which is being emitted; 0 for the function itself.</summary>
    private int _activation;

    /// <summary>The traps of <c>call_indirect</c> where all functions that it could call have been tried.</summary>
    private void EmitFailingCall(in Instruction instruction)
    {
        var index = _stack.Pop();
        foreach (var argument in _stack.Pop(_module.Types.FuncType(instruction.Index).ParameterArray.Length))
            _stack.Drop(argument);
        EmitTableElement(instruction.Index2, index);
        _il.Emit(OpCodes.Br, SharedPath(_cold.CallTypePaths, instruction.Index));
        MarkDead();
    }

    /// <summary>Has the code from here on belong to an activation.</summary>
    /// <remarks>
    /// .NET tells where in the IL a load faulted by the statement that the JIT has put it in, which may be a later one. The barrier keeps loads on their side; on x64 it is no
    /// instruction.
    /// </remarks>
    private void EnterActivation(int activation)
    {
        if (activation == _activation)
            return;
        _activation = activation;
        _cold = ColdCodeOf(activation);
        _stretches.Add((_il.ILOffset, activation, false));
        if (_module.HasGuards && _uses.Memories.Count > 0)
            _il.Emit(OpCodes.Call, ContextMembers.ReadBarrier);
    }

    private ColdCode ColdCodeOf(int activation)
    {
        while (_coldCodes.Count <= activation)
            _coldCodes.Add(null);
        return _coldCodes[activation] ??= new ColdCode();
    }

    /// <summary>Notes that the instruction that is being emitted may fault.</summary>
    private void NoteFault() => _stretches[^1] = _stretches[^1] with { MayFault = true };

    private void NoteInlined()
    {
        if (_inlining.Calls.Length == 0)
            return;

        // Where statements became no instructions the JIT tells of the first of them only. So what is said to have faulted in a stretch that cannot did so in the next one.
        var marks = new List<(int Offset, int Activation)>();
        var activation = 0;
        foreach (var stretch in Enumerable.Reverse(_stretches))
        {
            activation = stretch.MayFault ? stretch.Activation : activation;
            marks.Add((stretch.Offset, activation));
        }

        marks.Reverse();
        _module.NoteInlined(_isResumeForm ? CodeForm.Resume : CodeForm.Run, _unit.Function, new InlinedCalls(_inlining.Calls, [.. marks]));
    }
}
