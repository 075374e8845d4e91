using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Fermata.Suspension;

namespace Fermata.Execution;

/// <summary>What a store has one of and all generated code reaches in one load (FRAMES: <c>ctx</c>).</summary>
/// <remarks>
/// One thread at a time uses it: the one that has the store's turn. Values cross the border of generated code in
/// slots: entry arguments, the results of a call beyond the first, and all results of a resumed call. Numbers and references
/// are counted apart; a v128 takes two numbers (see <see cref="SlotLayout"/>).
/// </remarks>
internal sealed class StoreContext(Store store)
{
    /// <summary>The flag that generated code tests after each call that may suspend.</summary>
    internal bool Unwinding;

    /// <summary>Whether the stack is unwound only to be resumed at once.</summary>
    internal bool IsForced;

    /// <summary>The lowest address that the native stack may reach; below it a call traps.</summary>
    internal nuint StackLimit;

    internal ulong[] Slots = new ulong[16];
    internal object?[] ReferenceSlots = new object?[16];

    private ulong[] _numbers = new ulong[64];
    private object?[] _references = new object?[16];
    private int _numberCount;
    private int _referenceCount;
    private Instance? _lastInstance;

    internal Store Store { get; } = store;

    /// <summary>The fiber whose WebAssembly frames run now; null under a call that is not promising.</summary>
    internal Fiber? CurrentFiber;

    /// <summary>The host function that runs now, innermost.</summary>
    internal HostFunction? CurrentHost;

    /// <summary>The host function between the innermost promising call and the WebAssembly code that runs now.</summary>
    internal HostFunction? Barrier;

    internal ShadowStacks ShadowStacks { get; } = new(store.Options.ShadowStack);

    /// <summary>The frames that the current unwinding saved so far.</summary>
    internal ReadOnlySpan<ulong> SavedNumbers => _numbers.AsSpan(0, _numberCount);

    /// <inheritdoc cref="SavedNumbers"/>
    internal ReadOnlySpan<object?> SavedReferences => _references.AsSpan(0, _referenceCount);

    /// <summary>Called by generated code: appends a frame and returns the place of its first number, zeroed.</summary>
    internal ref ulong SaveFrame(Instance instance, int function, int site, int numbers, int references)
    {
        var header = FrameHeader.Create(function, site);
        if (instance != _lastInstance)
        {
            _lastInstance = instance;
            header |= FrameHeader.InstanceFollows;
            SaveReference(instance);
        }

        var start = _numberCount;
        if (_numbers.Length - start <= numbers)
            Array.Resize(ref _numbers, Math.Max(_numbers.Length * 2, start + numbers + 1));
        if (_references.Length - _referenceCount < references)
            Array.Resize(ref _references, Math.Max(_references.Length * 2, _referenceCount + references));
        _numbers.AsSpan(start, numbers + 1).Clear();
        _numbers[start] = header;
        _numberCount = start + numbers + 1;
        return ref Unsafe.Add(ref _numbers[start], 1);
    }

    /// <summary>Called by generated code after <see cref="SaveFrame"/>, once for each live reference.</summary>
    internal void SaveReference(object? reference)
    {
        if (_referenceCount == _references.Length)
            Array.Resize(ref _references, _referenceCount * 2);
        _references[_referenceCount++] = reference;
    }

    /// <summary>Called by generated code under <see cref="EngineOptions.SuspendEverywhere"/>: unwinds with the results of a call in the slots.</summary>
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
        _references.AsSpan(0, _referenceCount).Clear();
        _numberCount = 0;
        _referenceCount = 0;
        _lastInstance = null;
    }

    /// <summary>Makes room for the values of a function type. Done when a module or a function comes into the store.</summary>
    internal void EnsureSlots(FuncType type)
    {
        var count = 2 * Math.Max(type.ParameterArray.Length, type.ResultArray.Length);
        if (count > Slots.Length)
        {
            Array.Resize(ref Slots, count);
            Array.Resize(ref ReferenceSlots, count);
        }
    }
}
