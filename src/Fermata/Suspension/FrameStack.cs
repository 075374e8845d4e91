using System.Runtime.InteropServices;
using Fermata.Compilation;
using Fermata.Execution;

namespace Fermata.Suspension;

/// <summary>The saved frames of one fiber.</summary>
/// <remarks>
/// Each suspension adds a segment: its frames innermost first, as they were saved and in the order in which they will be
/// resumed. The newest segment is resumed first, from its start. A frame is a header, its live numbers and, apart, its live
/// references; how many says the call site (<see cref="CallSite"/>).
/// </remarks>
internal sealed class FrameStack
{
    private ulong[] _numbers = [];
    private object?[] _references = [];
    private Segment[] _segments = [];
    private int _segmentCount;

    public bool IsEmpty => _segmentCount == 0;

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
            Array.Resize(ref _numbers, numberEnd);
        if (referenceEnd > _references.Length)
            Array.Resize(ref _references, referenceEnd);
        if (_segmentCount == _segments.Length)
            Array.Resize(ref _segments, Math.Max(1, _segmentCount * 2));

        numbers.CopyTo(_numbers.AsSpan(numberStart));
        references.CopyTo(_references.AsSpan(referenceStart));
        _segments[_segmentCount++] = new Segment(numberStart, referenceStart, numberEnd, referenceEnd);
        context.ClearSaved();
    }

    /// <summary>Takes the newest frame off and runs its function on from where it was, with the awaited values in the context's slots.</summary>
    public unsafe void ResumeNext(StoreContext context)
    {
        var frame = Pop();
        ref var numbers = ref MemoryMarshal.GetArrayDataReference(_numbers);
        ref var references = ref MemoryMarshal.GetArrayDataReference(_references);
        frame.Site.Function.ResumeForm(
            frame.Instance,
            context,
            ref System.Runtime.CompilerServices.Unsafe.Add(ref numbers, frame.NumberStart),
            ref System.Runtime.CompilerServices.Unsafe.Add(ref references, frame.ReferenceStart),
            frame.Site.Index);
    }

    /// <summary>Drops the frames that cannot catch an exception; false if none is left.</summary>
    public bool UnwindToHandler()
    {
        while (!IsEmpty)
        {
            var segment = _segments[_segmentCount - 1];
            if (Read(ref segment).Site.IsInTry)
                return true;
            Pop();
        }

        return false;
    }

    /// <summary>Drops all frames and tells which functions they were of, innermost first.</summary>
    public void Unwind(List<WasmFrame> trace)
    {
        while (!IsEmpty)
        {
            var frame = Pop();
            trace.Add(frame.Instance.Module.Describe(frame.Site.Function.Index));
        }

        _numbers = [];
        _references = [];
    }

    private Frame Pop()
    {
        ref var segment = ref _segments[_segmentCount - 1];
        var frame = Read(ref segment);
        if (segment.NumberPosition == segment.NumberEnd)
        {
            segment = default;
            _segmentCount--;
        }

        return frame;
    }

    /// <summary>Reads the frame at a segment's position, and moves that behind it.</summary>
    private Frame Read(ref Segment segment)
    {
        var header = _numbers[segment.NumberPosition++];
        if ((header & FrameHeader.InstanceFollows) != 0)
            segment.Instance = (Instance)_references[segment.ReferencePosition++]!;
        var instance = segment.Instance!;
        var site = instance.Module.Code.Site(FrameHeader.Function(header), FrameHeader.Site(header));
        var frame = new Frame(instance, site, segment.NumberPosition, segment.ReferencePosition);
        segment.NumberPosition += site.NumberCount;
        segment.ReferencePosition += site.ReferenceCount;
        return frame;
    }

    private readonly record struct Frame(Instance Instance, CallSite Site, int NumberStart, int ReferenceStart);

    private struct Segment(int numberStart, int referenceStart, int numberEnd, int referenceEnd)
    {
        public int NumberPosition = numberStart;
        public int ReferencePosition = referenceStart;
        public readonly int NumberEnd = numberEnd;
        public Instance? Instance;

        public readonly (int Numbers, int References) End => (NumberEnd, referenceEnd);
    }
}
