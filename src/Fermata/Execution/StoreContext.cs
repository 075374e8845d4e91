using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Fermata.Suspension;

namespace Fermata.Execution;

/// <summary>What a store has one of and all generated code reaches in one load (FRAMES: <c>ctx</c>).</summary>
/// <remarks>
/// One thread at a time uses it: the one that has the store's turn. Values cross the border of generated code in
/// slots: entry arguments, the results of a call beyond the first, and all results of a resumed call. Numbers and references
/// are counted apart; a v128 takes two numbers (see <see cref="SlotLayout"/>).
/// </remarks>
internal sealed partial class StoreContext(Store store)
{
    /// <summary>The flag that generated code tests after each call that may suspend.</summary>
    internal bool Unwinding;

    /// <summary>Whether the stack is unwound only to be resumed at once.</summary>
    internal bool IsForced;

    /// <summary>Whether the stack is unwound where code is asked to stop, and not in the middle of handing results over.</summary>
    internal bool IsStopped;

    internal ulong[] Slots = new ulong[16];
    internal object?[] ReferenceSlots = new object?[16];

    private ulong[] _numbers = new ulong[64];
    private object?[] _references = new object?[16];
    private int _numberCount;
    private int _referenceCount;
    private Instance? _lastInstance;
    private bool _passesReferences;

    internal Store Store { get; } = store;

    /// <summary>The fiber whose WebAssembly frames run now; null under a call that is not promising.</summary>
    internal Fiber? CurrentFiber;

    /// <summary>The host function that runs now, innermost.</summary>
    internal HostFunction? CurrentHost;

    /// <summary>The host function between the innermost promising call and the WebAssembly code that runs now.</summary>
    internal HostFunction? Barrier;

    internal ShadowStacks ShadowStacks { get; } = new(store.Options);

    /// <summary>The frames that the current unwinding saved so far.</summary>
    internal ReadOnlySpan<ulong> SavedNumbers => _numbers.AsSpan(0, _numberCount);

    /// <inheritdoc cref="SavedNumbers"/>
    internal ReadOnlySpan<object?> SavedReferences => _references.AsSpan(0, _referenceCount);

    /// <summary>Called by generated code: appends a frame and returns the place of its first number. All numbers are to be written.</summary>
    internal ref ulong SaveFrame(Instance instance, ulong header, int numbers)
    {
        if (instance != _lastInstance && ChangeInstance(instance))
            header |= FrameHeader.InstanceFollows;

        var start = _numberCount;
        var end = start + 1 + numbers;
        if (end > _numbers.Length)
            Array.Resize(ref _numbers, Math.Max(_numbers.Length * 2, end));
        _numberCount = end;
        ref var frame = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_numbers), start);
        frame = header;
        return ref Unsafe.Add(ref frame, 1);
    }

    /// <summary>Called by generated code after <see cref="SaveFrame"/>, once for each live reference.</summary>
    internal void SaveReference(object? reference)
    {
        if (_referenceCount == _references.Length)
            Array.Resize(ref _references, _referenceCount * 2);
        _references[_referenceCount++] = reference;
    }

    /// <summary>
    /// Has the stack unwound only to be looked at by the scheduler. Called by generated code too, under <see cref="EngineOptions.SuspendEverywhere"/>
    /// with the results of a call in the slots.
    /// </summary>
    internal void ForceSuspension()
    {
        Unwinding = true;
        IsForced = true;
    }

    /// <summary>What the call ended with whose frame is resumed, if that can catch it.</summary>
    internal Exception? PendingException;

    /// <summary>Called by generated code at a call site in a try: raises what the call ended with.</summary>
    internal void ThrowPending()
    {
        if (PendingException is not { } exception)
            return;
        PendingException = null;
        ExceptionDispatchInfo.Throw(exception);
    }

    /// <summary>Forgets what the last unwinding saved, once a fiber has it.</summary>
    internal void ClearSaved()
    {
        _numberCount = 0;
        if (_referenceCount > 0)
        {
            _references.AsSpan(0, _referenceCount).Clear();
            _referenceCount = 0;
        }

        _lastInstance = null;
    }

    /// <summary>Forgets the references in the slots, once a fiber has taken or left what was passed to it there.</summary>
    internal void ClearReferenceSlots()
    {
        if (_passesReferences)
            Array.Clear(ReferenceSlots);
    }

    /// <summary>Notes that frames of another instance begin; whether that is saved with the next one.</summary>
    private bool ChangeInstance(Instance instance)
    {
        var isHome = _lastInstance is null && instance == CurrentFiber?.Frames.Home;
        _lastInstance = instance;
        if (isHome)
            return false;
        SaveReference(instance);
        return true;
    }

    /// <summary>Makes room for the values of a function type. Done when a module or a function comes into the store.</summary>
    internal void EnsureSlots(FuncType type)
    {
        _passesReferences |= Array.Exists(type.ParameterArray, item => item.IsRef) || Array.Exists(type.ResultArray, item => item.IsRef);
        var count = 2 * Math.Max(type.ParameterArray.Length, type.ResultArray.Length);
        if (count > Slots.Length)
        {
            Array.Resize(ref Slots, count);
            Array.Resize(ref ReferenceSlots, count);
        }
    }
}
