using Fermata.Structure;

namespace Fermata.Runtime;

/// <content>The calls that have not ended.</content>
internal sealed partial class SnapshotWriter
{
    private void WriteCalls()
    {
        _store.Context.ShadowStacks.Write(_output);
        _output.Number(_calls.Count);
        foreach (var fiber in _calls)
            WriteCall(fiber, new Place($"call {fiber.Id}"));
    }

    private void WriteCall(Fiber fiber, Place place)
    {
        if (fiber.IsOfHost)
            throw new NotSupportedException($"A snapshot cannot have {place} ({fiber.Function.PrintableName}): a host function made it and may wait for it, which no snapshot has. Calls with a key can be found again.");
        if (fiber.CallState is not null)
            throw new NotSupportedException($"A snapshot cannot have {place} ({fiber.Function.PrintableName}): the store's CallState keeps an object for it.");
        _output.Number(fiber.Id);
        _output.Text(fiber.Key);

        // A call that was restored has not called its import again yet.
        _output.Number(fiber.Waits + (fiber.Suspension is RestoredWait ? 1u : 0u));
        _references.WriteFunction(fiber.Function, place);
        WriteWait(fiber, place);
        _output.Number(fiber.Frames.SegmentCount);
        for (var i = 0; i < fiber.Frames.SegmentCount; i++)
            WriteFrames(fiber.Frames.Frames(i), fiber.Function.Instance!, place);
        ShadowStacks.Write(_output, fiber);
    }

    private void WriteWait(Fiber fiber, Place place)
    {
        if (fiber.QueuedArguments is { } queued)
        {
            _output.Byte((byte)CallKind.Start);
            WriteSlots(queued, fiber.Function.Type.ParameterArray, place);
            return;
        }

        if (fiber.Suspension is WaitSuspension wait)
        {
            _output.Byte((byte)CallKind.Memory);
            WriteWait(wait);
            return;
        }

        var (function, arguments) = WaitOf(fiber, fiber.Suspension!, place);
        _output.Byte((byte)(function is null ? CallKind.Turn : CallKind.Import));
        if (function is null)
            return;
        _references.WriteFunction(function, place.Part("import that is waited for", -1));
        WriteSlots(arguments!, function.Type.ParameterArray, place);
    }

    /// <summary>A wait at a shared memory, which no other store uses.</summary>
    private void WriteWait(WaitSuspension wait)
    {
        var number = wait.Memory.Waiters!.NumberOf(wait.Waiter);
        _output.Number(_names.Memories.Of(wait.Memory));
        _output.Number(wait.Waiter.Address);
        _output.Number(number);
        if (number == 0)
            _output.Byte((byte)wait.Waiter.Result);
        else
            _output.Signed(wait.Rest);
    }

    /// <summary>The import that a call waits for, and its arguments; null if it goes on as soon as it may.</summary>
    private static (Function? Import, SlotValues? Arguments) WaitOf(Fiber fiber, Suspension suspension, Place place)
    {
        switch (suspension)
        {
            case { GoesOnByItself: true }:
                return default;
            case RestoredWait wait:
                return (wait.Import, wait.Arguments);
            case FailedWait failed:
                return WaitOf(fiber, failed.Wait, place);
            case ImportSuspension { Function: { Instance: { } instance, Index: var index } }:
                var function = instance.FunctionAt(index);
                var (numbers, references) = SlotLayout.Count(function.Type.ParameterArray);
                return (function, fiber.Frames.Arguments(numbers, references));
            default:
                throw new NotSupportedException($"A snapshot cannot have {place} ({fiber.Function.PrintableName}): it waits for {HostileText.Printable(suspension.Name)}, which no instance imports.");
        }
    }

    private void WriteSlots(SlotValues values, ValType[] types, Place place)
    {
        var (numbers, references) = SlotLayout.Count(types);
        _output.Numbers(values.Numbers.AsSpan(0, numbers));
        _references.Write(values.References.AsSpan(0, references), "argument", place);
    }

    private void WriteFrames(IEnumerable<SavedFrame> frames, Instance home, Place place)
    {
        var instance = home;
        foreach (var frame in frames)
        {
            // The number of the function is shifted up, so that the end is told from all frames.
            var changes = frame.Instance != instance;
            instance = frame.Instance;
            _output.Number(((ulong)(uint)frame.Function << 1) + (changes ? 3ul : 2ul));
            if (changes)
                _output.Number(_names.Of(instance, place));
            _output.Number(frame.Site);
            _output.Numbers(frame.Numbers.Span);
            var function = frame.Function;
            _references.Write(frame.References.Span, "reference", new Place($"frame of {HostileText.Printable(NameOf(instance, function))}", -1, place));
        }

        _output.Number(0);
    }

    private static string NameOf(Instance instance, int function) =>
        instance.Module.HasFunction(function) ? instance.Module.FunctionName(function) : $"piece {function}";
}
