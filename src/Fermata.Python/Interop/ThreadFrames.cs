using System.Text;

namespace Fermata.Python.Interop;

/// <summary>
/// Hides the frames of calls that are suspended. CPython's collector walks those of all threads, from one to the next, and so does code that has a frame (<c>f_back</c>); between them are frames that lie
/// on the C stack, which is taken away while a call is suspended as soon as another one needs the place. The collector finds none of the call's, and code finds them without those on the C stack, which it
/// would not see. What frames refer to, they own, so that it lives without being found.
/// </summary>
internal sealed class ThreadFrames
{
    /// <summary>Where CPython says of itself how its structures are laid out (<c>_Py_DebugOffsets</c> of version 3.14), and where in that the frame of a thread state is, the one before a frame, and who owns it.</summary>
    private const string Cookie = "xdebugpy";
    private const int VersionOffset = 8, CurrentFrameOffset = 26 * sizeof(ulong), PreviousOffset = 32 * sizeof(ulong), OwnerOffset = 36 * sizeof(ulong), Version = 0x030E;

    /// <summary>The owner of frames on the C stack: a function of C that runs others (<c>FRAME_OWNED_BY_INTERPRETER</c>).</summary>
    private const byte OwnedByInterpreter = 3;

    private readonly Interpreter _python;
    private readonly int _frameOffset, _previousOffset, _ownerOffset, _main;

    /// <exception cref="NotSupportedException">It is another CPython.</exception>
    public ThreadFrames(Interpreter python)
    {
        _python = python;
        var offsets = python.Instance.Instance.GetGlobal("_PyRuntime").Value.AsI32();
        var memory = python.Memory;
        if (!memory.GetSpan(offsets, Cookie.Length).SequenceEqual(Encoding.ASCII.GetBytes(Cookie)) || memory.Read<int>(offsets + VersionOffset) >> 16 != Version)
            throw new NotSupportedException("This is not CPython 3.14.");
        _frameOffset = memory.Read<int>(offsets + CurrentFrameOffset);
        _previousOffset = memory.Read<int>(offsets + PreviousOffset);
        _ownerOffset = memory.Read<int>(offsets + OwnerOffset);
        _main = python.C.CurrentThreadState();
    }

    /// <summary>Hides the frames of the call that has just been suspended.</summary>
    /// <param name="threadState">Its thread state; 0 if it has none as it waits for the system, so that it is only known to be none of the others.</param>
    /// <returns>What <see cref="Show"/> needs.</returns>
    public Hidden[] Hide(int threadState) => threadState != 0 ? [HideOf(threadState)] : [.. ThreadStates().Select(HideOf).Where(static hidden => hidden.Frame != 0)];

    /// <summary>Gives a call its frames back.</summary>
    public void Show(Hidden[] frames)
    {
        foreach (var (threadState, frame, links) in frames)
        {
            foreach (var (next, previous) in links)
                _python.Memory.Write(next + _previousOffset, previous);
            _python.Memory.Write(threadState + _frameOffset, frame);
        }
    }

    private Hidden HideOf(int threadState)
    {
        var frame = _python.Memory.Read<int>(threadState + _frameOffset);
        _python.Memory.Write(threadState + _frameOffset, 0);
        return new Hidden(threadState, frame, LeaveOut(frame));
    }

    /// <summary>Leaves out frames on the C stack.</summary>
    /// <param name="frame">The newest frame; 0 for none.</param>
    /// <returns>The frames from which they were left out, and what was before these.</returns>
    private List<(int Frame, int Previous)> LeaveOut(int frame)
    {
        List<(int Frame, int Previous)> links = [];
        while (frame != 0)
        {
            var previous = PreviousOf(frame);
            var found = previous;
            while (found != 0 && IsOnStack(found))
                found = PreviousOf(found);
            if (found != previous && !IsOnStack(frame))
            {
                links.Add((frame, previous));
                _python.Memory.Write(frame + _previousOffset, found);
            }

            frame = found;
        }

        return links;
    }

    private int PreviousOf(int frame) => _python.Memory.Read<int>(frame + _previousOffset);

    private bool IsOnStack(int frame) => _python.Memory.Read<byte>(frame + _ownerOffset) >= OwnedByInterpreter;

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
    /// <param name="Links">Frames, each with the one before it, on the C stack.</param>
    public readonly record struct Hidden(int ThreadState, int Frame, IReadOnlyList<(int Frame, int Previous)> Links);
}
