using Fermata.Runtime;

namespace Fermata.Hosting;

/// <content>The calls that had not ended. What their frames hold, and what one hands to the next, must be of the types that their code expects.</content>
internal sealed partial class SnapshotReader
{
    /// <summary>Those that wait at shared memories, with the numbers by which they were queued.</summary>
    private readonly List<(WaitQueues Queues, Waiter Waiter, ulong Number)> _waiters = [];

    private List<RestoredCall> ReadCalls()
    {
        _store.Context.ShadowStacks.Read(_input);
        var calls = new List<RestoredCall>();
        var last = 0u;
        for (var count = _input.Number(); count > 0; count--)
        {
            var id = _input.Small();
            if (id <= last || id > _store.Scheduler.LastId)
                throw SnapshotInput.Damaged("calls are not numbered in order");
            last = id;
            calls.Add(ReadCall(id));
        }

        foreach (var (queues, waiter, _) in _waiters.OrderBy(static waiter => waiter.Number))
            queues.Add(waiter);
        return calls;
    }

    private RestoredCall ReadCall(uint id)
    {
        var fiber = new Fiber(_store.Scheduler) { Key = _input.Text(), Waits = _input.Small() };
        var function = _references.ReadFunction();
        if (function.Instance is null)
            throw SnapshotInput.Damaged("a call is of a host function");
        var call = PromisingCall<Value[]>.Restore(function, fiber, Function.ReadResults, _options.CancellationToken);
        var kind = (CallKind)_input.Byte();
        var incoming = ReadWait(fiber, kind, id);
        var segments = ReadSegments(function.Instance, ref incoming);
        if (kind == CallKind.Start)
        {
            if (segments.Count > 0)
                throw SnapshotInput.Damaged("a call that has not started has frames");
        }
        else if (!_store.Engine.Types.IsSubtype(incoming, function.Type.ResultArray))
        {
            throw SnapshotInput.Damaged("the results of the last frame are not those of the call");
        }

        if (!fiber.Frames.TryRestore(segments))
            throw SnapshotInput.Damaged($"the frames of a call take more than EngineOptions.MaxStackBytes allows ({_store.Engine.Options.MaxStackBytes} bytes)");
        _store.Context.ShadowStacks.Read(_input, fiber);
        return new RestoredCall(fiber, call.Task);
    }

    /// <summary>Reads what a call waits for.</summary>
    /// <returns>The types of what it gets when the wait is over.</returns>
    private ValType[] ReadWait(Fiber fiber, CallKind kind, uint id)
    {
        switch (kind)
        {
            case CallKind.Start:
                fiber.QueuedArguments = ReadSlots(fiber.Function.Type.ParameterArray);
                fiber.Restore(id, NextTurn.Instance);
                return [];
            case CallKind.Turn:
                fiber.Restore(id, NextTurn.Instance);
                return [];
            case CallKind.Import:
                var import = _references.ReadFunction();
                if (import.Environment is not HostFunction)
                    throw SnapshotInput.Damaged("a call waits for a function that is not the host's");
                if (fiber.Waits-- == 0)
                    throw SnapshotInput.Damaged("a call waits that has called no import");
                fiber.Restore(id, new RestoredWait(import, ReadSlots(import.Type.ParameterArray)));
                return import.Type.ResultArray;
            case CallKind.Memory:
                fiber.Restore(id, ReadWait());
                return [ValType.I32];
            default:
                throw SnapshotInput.Damaged($"a call is of kind {(byte)kind}");
        }
    }

    /// <summary>Reads a wait at a shared memory.</summary>
    private WaitSuspension ReadWait()
    {
        var memory = _memories.All[_input.Below(_memories.All.Count, "memory")];
        var waiter = new Waiter(_store, _input.Number());
        var number = _input.Number();
        if (memory.Waiters is not { } queues || waiter.Address >= memory.Length)
            throw SnapshotInput.Damaged("a call waits where nobody can notify it");
        if (number > 0)
        {
            _waiters.Add((queues, waiter, number));
            return new WaitSuspension(_store.Scheduler.Turn, memory, waiter, _input.Signed());
        }

        waiter.End((WaitResult)_input.Byte() is var result and (WaitResult.Ok or WaitResult.TimedOut) ? result : throw SnapshotInput.Damaged("a wait has ended as none does"));
        return new WaitSuspension(_store.Scheduler.Turn, memory, waiter, timeout: -1);
    }

    private SlotValues ReadSlots(ValType[] types)
    {
        var (numbers, references) = SlotLayout.Count(types);
        var values = new SlotValues(new ulong[numbers], new object?[references]);
        foreach (ref var number in values.Numbers.AsSpan())
            number = _input.Number();
        foreach (var (place, type) in types.Where(type => type.IsRef).Index())
            values.References[place] = _references.Read(type);
        return values;
    }

    /// <summary>Reads the frames of a call, the oldest suspension first.</summary>
    /// <param name="home">The instance of the function that was called.</param>
    /// <param name="incoming">The types of what the newest frame gets; then of what the oldest one leaves.</param>
    private List<List<SavedFrame>> ReadSegments(Instance home, ref ValType[] incoming)
    {
        var segments = new List<List<SavedFrame>>();
        for (var count = _input.Number(); count > 0; count--)
        {
            segments.Add(ReadFrames(home));
            if (segments[^1].Count == 0)
                throw SnapshotInput.Damaged("a suspension has no frames");
        }

        for (var i = segments.Count - 1; i >= 0; i--)
        {
            foreach (var frame in segments[i])
            {
                var types = frame.Instance.Code.FrameTypes(frame.Function)!;
                if (!_store.Engine.Types.IsSubtype(incoming, types.Sites[frame.Site].Results))
                    throw SnapshotInput.Damaged("a frame gets other results than its call has");
                incoming = types.Results;
            }
        }

        return segments;
    }

    private List<SavedFrame> ReadFrames(Instance home)
    {
        var frames = new List<SavedFrame>();
        var instance = home;
        while (_input.Number() is not 0 and var start)
        {
            if (start < 2)
                throw SnapshotInput.Damaged("a frame is of no function");
            if ((start & 1) != 0)
                instance = _instances[_input.Below(_instances.Count, "instance")];
            var function = (start >> 1) - 1 is var number and <= int.MaxValue ? (int)number : throw SnapshotInput.Damaged("a frame is of no function");
            var types = instance.Code.FrameTypes(function) ?? throw SnapshotInput.Damaged($"a frame is of function {function}, which the module does not have");
            var site = _input.Below(types.Sites.Length, "call site");
            var numbers = new ulong[instance.Code.Sites(function)[site].NumberCount];
            foreach (ref var value in numbers.AsSpan())
                value = _input.Number();
            var references = Array.ConvertAll(types.Sites[site].References, _references.Read);
            frames.Add(new SavedFrame(instance, function, site, numbers, references));
        }

        return frames;
    }
}
