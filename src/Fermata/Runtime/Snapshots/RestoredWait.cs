using System.Runtime.ExceptionServices;

namespace Fermata.Runtime;

/// <summary>A call of a suspending import in a restored store: the import is called again, unless the host has answered it.</summary>
/// <param name="import">The import.</param>
/// <param name="arguments">Its arguments.</param>
internal sealed class RestoredWait(Function import, SlotValues arguments) : Suspension
{
    private Value[]? _results;
    private Exception? _failure;

    public Function Import { get; } = import;

    public SlotValues Arguments { get; } = arguments;

    public override string Name => Import.Name;

    public override bool IsCompleted => true;

    public bool IsAnswered => _results is not null || _failure is not null;

    public override void OnCompleted(Action continuation) => continuation();

    /// <summary>Has the call have results, or a failure, in place of being made again.</summary>
    public void Answer(Value[]? results, Exception? failure) => (_results, _failure) = (results, failure);

    public override void TakeResult(StoreContext context, FrameStack frames)
    {
        if (IsAnswered)
            context.CurrentFiber!.Waits++;
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
        if (_results is not null)
        {
            SlotTransfer.Write(context.Slots, context.ReferenceSlots, _results);
            return;
        }

        // If it waits again, the stack is unwound already: frames lie where they lay, and the arguments come upon them anew.
        Arguments.Load(context);
        Import.Enter(context);
    }
}
