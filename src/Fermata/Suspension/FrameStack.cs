using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fermata.Compilation;
using Fermata.Execution;
using CallSite = Fermata.Compilation.CallSite;

namespace Fermata.Suspension;

/// <summary>The saved frames of one fiber.</summary>
/// <remarks>
/// Each suspension adds a segment: its frames innermost first, as they were saved and in the order in which they will be
/// resumed. The newest segment is resumed first, from its start. A frame is a header, its live numbers and, apart, its live
/// references.
/// </remarks>
internal sealed class FrameStack
{
    /// <summary>The room that is kept for another call.</summary>
    private const int ReusedLength = 128;

    /// <summary>How many frames of a runaway recursion a trap tells of.</summary>
    private const int MostTraced = 1_000;

    private ulong[] _numbers = [];
    private object?[] _references = [];
    private Segment[] _segments = [];
    private int _segmentCount;

    /// <summary>The instance of frames that do not say otherwise; null if each does.</summary>
    public Instance? Home { get; set; }

    public bool IsEmpty => _segmentCount == 0;

    /// <summary>How much is saved, in bytes.</summary>
    public long ByteLength
    {
        get
        {
            var (numbers, references) = _segmentCount == 0 ? (0, 0) : _segments[_segmentCount - 1].End;
            return ((long)numbers * sizeof(ulong)) + ((long)references * IntPtr.Size);
        }
    }

    /// <summary>Takes the frames of an unwinding that just reached its entry.</summary>
    public void Push(StoreContext context)
    {
        var numbers = context.SavedNumbers;
        var references = context.SavedReferences;
        if (numbers.IsEmpty)
            return;

        var (numberStart, referenceStart) = _segmentCount == 0 ? (0, 0) : _segments[_segmentCount - 1].End;
        var numberEnd = numberStart + numbers.Length;
        var referenceEnd = referenceStart + references.Length;
        if (numberEnd > _numbers.Length)
            Array.Resize(ref _numbers, Capacity(numberStart, numberEnd));
        numbers.CopyTo(_numbers.AsSpan(numberStart));
        if (!references.IsEmpty)
        {
            if (referenceEnd > _references.Length)
                Array.Resize(ref _references, Capacity(referenceStart, referenceEnd));
            references.CopyTo(_references.AsSpan(referenceStart));
        }

        if (_segmentCount == _segments.Length)
            Array.Resize(ref _segments, Math.Max(1, _segmentCount * 2));
        _segments[_segmentCount++] = new Segment(numberStart, referenceStart, numberEnd, referenceEnd);
        context.ClearSaved();
    }

    /// <summary>
    /// Takes frame after frame off, newest first, and runs its function on from where it was, with the results of the one before in the context's
    /// slots; until none is left or one suspends.
    /// </summary>
    public unsafe void Resume(StoreContext context)
    {
        do
        {
            ref var segment = ref _segments[_segmentCount - 1];
            ref var numbers = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_numbers), segment.NumberPosition + 1);
            var header = Pop(ref segment, out var instance, out var function, out var reference);
            if (function.LargeFrameBytes > 0 && !context.Stack.HasRoom(function.LargeFrameBytes))
                Trap.StackExhausted();
            function.ResumeForm(
                instance,
                context,
                ref numbers,
                ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_references), reference),
                FrameHeader.Site(header));
        }
        while (!context.Unwinding && _segmentCount > 0);
    }

    /// <summary>Drops the frames that cannot catch an exception; false if none is left.</summary>
    public bool UnwindToHandler()
    {
        while (!IsEmpty)
        {
            ref var newest = ref _segments[_segmentCount - 1];
            var segment = newest;
            var header = Read(ref segment, out _, out var function, out _);
            if (function.Sites[FrameHeader.Site(header)].IsInTry)
                return true;
            Pop(ref newest, out _, out _, out _);
        }

        return false;
    }

    /// <summary>The functions that the frames are of, innermost first; of very many only the first.</summary>
    public List<WasmFrame> Peek()
    {
        var trace = new List<WasmFrame>();
        for (var i = _segmentCount - 1; i >= 0; i--)
        {
            // A copy: reading moves its position.
            var segment = _segments[i];
            while (segment.NumberPosition < segment.NumberEnd && trace.Count < MostTraced)
            {
                Read(ref segment, out var instance, out var function, out _);
                trace.Add(instance.Module.Describe(function.Index));
            }
        }

        return trace;
    }

    /// <summary>How many frames the last suspension saved, if it saved any.</summary>
    public int CountNewest()
    {
        var count = 0;
        if (IsEmpty)
            return count;
        for (var segment = _segments[_segmentCount - 1]; segment.NumberPosition < segment.NumberEnd; count++)
            Read(ref segment, out _, out _, out _);
        return count;
    }

    /// <summary>Drops all frames.</summary>
    /// <returns>The functions that they were of, innermost first; of very many only the first.</returns>
    public List<WasmFrame> Unwind()
    {
        var trace = new List<WasmFrame>();
        while (!IsEmpty && trace.Count < MostTraced)
        {
            Pop(ref _segments[_segmentCount - 1], out var instance, out var function, out _);
            trace.Add(instance.Module.Describe(function.Index));
        }

        _segments = [];
        _segmentCount = 0;
        _numbers = [];
        _references = [];
        return trace;
    }

    /// <summary>Makes an empty stack ready for another call.</summary>
    public void Reset()
    {
        Home = null;
        if (_numbers.Length > ReusedLength)
            _numbers = [];
        if (_references.Length > 0)
            _references = [];
    }

    /// <summary>A parked fiber is as small as can be; one that suspends again before older frames are resumed grows in steps.</summary>
    private static int Capacity(int start, int end) => start == 0 ? end : Math.Max(end, start * 2);

    /// <summary>Takes the newest frame off and gives its header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Pop(ref Segment segment, out Instance instance, out CompiledFunction function, out int reference)
    {
        var header = Read(ref segment, out instance, out function, out reference);
        if (segment.NumberPosition == segment.NumberEnd)
        {
            segment.Instance = null;
            _segmentCount--;
        }

        return header;
    }

    /// <summary>Reads the frame at a segment's position, and moves that behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Read(ref Segment segment, out Instance instance, out CompiledFunction function, out int reference)
    {
        var header = _numbers[segment.NumberPosition];
        reference = segment.ReferencePosition;
        if ((header & FrameHeader.InstanceFollows) != 0)
            segment.Instance = (Instance)_references[reference++]!;
        instance = segment.Instance ?? Home!;
        function = instance.Code.Function(FrameHeader.Function(header));
        var (numbers, references) = (FrameHeader.Numbers(header), FrameHeader.References(header));
        if (numbers == FrameHeader.Many || references == FrameHeader.Many)
            (numbers, references) = CountsOf(in function.Sites[FrameHeader.Site(header)]);
        segment.ReferencePosition = reference + references;
        segment.NumberPosition += 1 + numbers;
        return header;
    }

    private static (int Numbers, int References) CountsOf(ref readonly CallSite site) => (site.NumberCount, site.ReferenceCount);

    private struct Segment(int numberStart, int referenceStart, int numberEnd, int referenceEnd)
    {
        public int NumberPosition = numberStart;
        public int ReferencePosition = referenceStart;
        public readonly int NumberEnd = numberEnd;

        /// <summary>The instance of the frame before; null for the fiber's home.</summary>
        public Instance? Instance;

        public readonly (int Numbers, int References) End => (NumberEnd, referenceEnd);
    }
}
