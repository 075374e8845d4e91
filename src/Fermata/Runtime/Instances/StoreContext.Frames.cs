using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>The frames that the current unwinding has saved so far, until a fiber has them.</summary>
internal sealed unsafe partial class StoreContext
{
    private const int FirstRoom = 64;

    // The numbers are pinned: generated code, which saves a frame in a few instructions, has pointers into them.
    private ulong[] _numbers = [];
    private ulong* _top;
    private ulong* _limit;
    private object?[] _references = new object?[16];
    private int _referenceCount;
    private Instance? _lastInstance;

    /// <summary>How much of what is saved, from the start, are the arguments of the import that suspended, and belongs to no frame.</summary>
    internal (int Numbers, int References) SavedArguments { get; private set; }

    internal ReadOnlySpan<ulong> SavedNumbers => _numbers.AsSpan(0, NumberCount);

    internal ReadOnlySpan<object?> SavedReferences => _references.AsSpan(0, _referenceCount);

    private ulong* Bottom => (ulong*)Unsafe.AsPointer(ref _numbers[0]);

    private int NumberCount => _top is null ? 0 : (int)(_top - Bottom);

    /// <summary>Called by generated code: appends a frame and returns the place of its first number. All numbers are to be written.</summary>
    internal ref ulong SaveFrame(Instance instance, ulong header, int numbers)
    {
        // Nothing is kept across the call of the slow path, for which a function would have to save registers at its entry.
        var frame = _top;
        var end = frame + 1 + numbers;
        if (instance != _lastInstance || end > _limit)
            return ref SaveFirstFrame(instance, header, numbers);
        _top = end;
        *frame = header;
        return ref frame[1];
    }

    /// <summary>As <see cref="SaveFrame"/>, which the JIT puts in line, but for code with many frames to save.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal ref ulong SaveFrameByCall(Instance instance, ulong header, int numbers) => ref SaveFrame(instance, header, numbers);

    /// <summary>
    /// Called by the thunk of an import that suspends, before any frame is saved: makes room for its arguments and returns the place of the first number. All are to be
    /// written.
    /// </summary>
    internal ref ulong SaveArguments(int numbers, int references)
    {
        SavedArguments = (numbers, references);
        var arguments = _top;
        var end = arguments + numbers;
        if (end > _limit || arguments is null)
        {
            MakeRoom(numbers);
            arguments = _top;
            end = arguments + numbers;
        }

        _top = end;
        return ref *arguments;
    }

    /// <summary>Called by generated code after <see cref="SaveFrame"/> or <see cref="SaveArguments"/>: returns the place of the first reference. All are to be written.</summary>
    /// <param name="count">How many there are, one at least.</param>
    internal ref object? SaveReferences(int count)
    {
        var first = _referenceCount;
        _referenceCount += count;
        if (_referenceCount > _references.Length)
            Array.Resize(ref _references, Math.Max(_references.Length * 2, _referenceCount));
        return ref _references[first];
    }

    /// <summary>Forgets what the last unwinding saved, once a fiber has it.</summary>
    internal void ClearSaved()
    {
        _top = _numbers.Length == 0 ? null : Bottom;
        ClearSavedReferences();
        SavedArguments = default;
        _lastInstance = null;
    }

    private void ClearSavedReferences()
    {
        if (_referenceCount == 0)
            return;
        _references.AsSpan(0, _referenceCount).Clear();
        _referenceCount = 0;
    }

    /// <summary>As <see cref="SaveFrame"/>, for the first frame of an instance, where there is no room left, or on the way of an exception.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref ulong SaveFirstFrame(Instance instance, ulong header, int numbers)
    {
        if (Suspension == _thrown)
            return ref PassFrame(instance, header, numbers);
        if (instance != _lastInstance)
        {
            var isHome = _lastInstance is null && instance == CurrentFiber?.Frames.Home;
            _lastInstance = instance;
            if (!isHome)
            {
                header |= FrameHeader.InstanceFollows;
                SaveReferences(1) = instance;
            }
        }

        if (_top + 1 + numbers > _limit)
            MakeRoom(1 + numbers);
        return ref SaveFrame(instance, header, numbers);
    }

    /// <summary>Moves the saved numbers to where there is room for so many more.</summary>
    private void MakeRoom(int more)
    {
        var count = NumberCount;
        var numbers = GC.AllocateUninitializedArray<ulong>(Math.Max(FirstRoom, Math.Max(_numbers.Length * 2, count + more)), pinned: true);
        SavedNumbers.CopyTo(numbers);
        _numbers = numbers;
        _top = Bottom + count;
        _limit = Bottom + numbers.Length;
    }
}
