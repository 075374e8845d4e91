using System.Text;

namespace Fermata.Python.Interop;

/// <summary>
/// Hides the frames of calls that are suspended. CPython's collector walks those of all threads, from one to the next; between them are frames that lie on the C stack, which is taken away while
/// a call is suspended as soon as another one needs the place. What frames refer to, they own, so that it lives without being found there.
/// </summary>
internal sealed class ThreadFrames
{
    /// <summary>Where CPython says of itself how its structures are laid out (<c>_Py_DebugOffsets</c> of version 3.14), and where in that the frame of a thread state is.</summary>
    private const string Cookie = "xdebugpy";
    private const int VersionOffset = 8, CurrentFrameOffset = 26 * sizeof(ulong), Version = 0x030E;

    private readonly Interpreter _python;
    private readonly int _frameOffset, _main;

    /// <exception cref="NotSupportedException">It is another CPython.</exception>
    public ThreadFrames(Interpreter python)
    {
        _python = python;
        var offsets = python.Instance.Instance.GetGlobal("_PyRuntime").Value.AsI32();
        var memory = python.Memory;
        if (!memory.GetSpan(offsets, Cookie.Length).SequenceEqual(Encoding.ASCII.GetBytes(Cookie)) || memory.Read<int>(offsets + VersionOffset) >> 16 != Version)
            throw new NotSupportedException("This is not CPython 3.14.");
        _frameOffset = memory.Read<int>(offsets + CurrentFrameOffset);
        _main = python.C.CurrentThreadState();
    }

    /// <summary>Hides the frames of the call that has just been suspended.</summary>
    /// <param name="threadState">Its thread state; 0 if it has none as it waits for the system, so that it is only known to be none of the others.</param>
    /// <returns>What <see cref="Show"/> needs.</returns>
    public Hidden[] Hide(int threadState) => threadState != 0 ? [HideOf(threadState)] : [.. ThreadStates().Select(HideOf).Where(static hidden => hidden.Frame != 0)];

    /// <summary>Gives a call its frames back.</summary>
    public void Show(Hidden[] frames)
    {
        foreach (var (threadState, frame) in frames)
            _python.Memory.Write(threadState + _frameOffset, frame);
    }

    private Hidden HideOf(int threadState)
    {
        var frame = _python.Memory.Read<int>(threadState + _frameOffset);
        _python.Memory.Write(threadState + _frameOffset, 0);
        return new Hidden(threadState, frame);
    }

    /// <summary>The thread states of all calls.</summary>
    private IEnumerable<int> ThreadStates()
    {
        for (var state = _python.C.FirstThreadState(_python.C.MainInterpreter()); state != 0; state = _python.C.NextThreadState(state))
        {
            if (state != _main)
                yield return state;
        }
    }

    /// <param name="ThreadState">The thread state.</param>
    /// <param name="Frame">Its newest frame.</param>
    public readonly record struct Hidden(int ThreadState, int Frame);
}
