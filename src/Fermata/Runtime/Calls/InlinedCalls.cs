namespace Fermata.Runtime;

/// <summary>A call in whose place the code of the callee stands: an activation without a native frame, and without a frame of its own on the heap.</summary>
/// <param name="Function">The callee.</param>
/// <param name="Caller">The number of the activation that calls it; 0 for that of the function itself.</param>
internal readonly record struct InlinedCall(int Function, int Caller);

/// <summary>Where the code of a method of a function belongs to functions that are inlined in it.</summary>
/// <param name="calls">The calls of them; the activation of each has the number of its place in this list and one more.</param>
/// <param name="marks">From which offset in the IL on the code belongs to which activation, ascending; before the first, to the function itself.</param>
internal sealed class InlinedCalls(InlinedCall[] calls, (int Offset, int Activation)[] marks)
{
    /// <summary>The inlined functions that are active at an offset in the IL, innermost first.</summary>
    public IEnumerable<int> ActiveAt(int offset)
    {
        var activation = 0;
        foreach (var mark in marks)
        {
            if (mark.Offset > offset)
                break;
            activation = mark.Activation;
        }

        return ActiveIn(activation);
    }

    /// <summary>The inlined functions that are active in an activation, innermost first.</summary>
    public IEnumerable<int> ActiveIn(int activation)
    {
        for (; activation > 0; activation = calls[activation - 1].Caller)
            yield return calls[activation - 1].Function;
    }
}
