using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fermata.Runtime;

/// <summary>The saved frames of one fiber.</summary>
/// <remarks>
/// Each suspension adds a segment: its frames innermost first, as they were saved and in the order in which they will be
/// resumed. The newest segment is resumed first, from its start. A frame is a header, its live numbers and, apart, its live
/// references.
/// </remarks>
/// <param name="scheduler">The scheduler of the store, for which the memory counts.</param>
internal sealed partial class FrameStack(Scheduler scheduler)
{
    /// <summary>The room that is kept for another call.</summary>
    private const int ReusedLength = 128;

    /// <summary>The room that is kept for the next suspension, however little that saves.</summary>
    private const int KeptLength = 4096;

    /// <summary>How many frames of a runaway recursion a trap tells of.</summary>
    private const int MostTraced = 1_000;

    private ulong[] _numbers = [];
    private object?[] _references = [];
    private Segment[] _segments = [];
    private int _segmentCount;

    // Where the arguments of the import are that suspended last.
    private int _firstNumber;
    private int _firstReference;
    private int _argumentReferences;

    /// <summary>The instance of frames that do not say otherwise; null if each does.</summary>
    public Instance? Home { get; set; }

    public bool IsEmpty => _segmentCount == 0;

    /// <summary>Whether the stack has so much memory that it may be more than what is allowed, or worth keeping.</summary>
    public bool IsLarge { get; private set; }

    /// <summary>How much is saved, in bytes.</summary>
    public long ByteLength
    {
        get
        {
            var (numbers, references) = _segmentCount == 0 ? (0, 0) : _segments[_segmentCount - 1].End;
            return SizeOf<ulong>(numbers) + SizeOf<object>(references) + SizeOf<Segment>(_segmentCount);
        }
    }

    /// <summary>How much memory the stack has, in bytes: what is saved, and room for more.</summary>
    public long HeldBytes => SizeOf(_numbers) + SizeOf(_references) + SizeOf(_segments);

    /// <summary>Takes the frames of an unwinding that just reached its entry.</summary>
    /// <exception cref="ResourceLimitException">The store may not have the memory for them; nothing was taken.</exception>
    public void Push(StoreContext context)
    {
        var numbers = context.SavedNumbers;
        var references = context.SavedReferences;
        if (numbers.IsEmpty && references.IsEmpty)
            return;

        var (numberStart, referenceStart) = _segmentCount == 0 ? (0, 0) : _segments[_segmentCount - 1].End;
        var numberEnd = numberStart + numbers.Length;
        var referenceEnd = referenceStart + references.Length;
        if (numberEnd > _numbers.Length || referenceEnd > _references.Length || _segmentCount == _segments.Length || IsLarge)
            Fit((numberStart, numberEnd), (referenceStart, referenceEnd));
        numbers.CopyTo(_numbers.AsSpan(numberStart));
        if (!references.IsEmpty)
            references.CopyTo(_references.AsSpan(referenceStart));

        var arguments = context.SavedArguments;
        (_firstNumber, _firstReference, _argumentReferences) = (numberStart, referenceStart, arguments.References);
        numberStart += arguments.Numbers;

        // A tail call of an import leaves arguments and no frame.
        if (numberStart < numberEnd)
            _segments[_segmentCount++] = new Segment(Home!, numberStart, referenceStart + arguments.References, numberEnd, referenceEnd);
        context.ClearSaved();
    }

    /// <summary>A number among the arguments of the import that suspended.</summary>
    public ref ulong ArgumentNumber(int slot) => ref _numbers[_firstNumber + slot];

    /// <summary>A reference among the arguments of the import that suspended.</summary>
    public ref object? ArgumentReference(int slot) => ref _references[_firstReference + slot];

    /// <summary>Forgets the arguments of the import that suspended.</summary>
    public void DropArguments()
    {
        if (_argumentReferences == 0)
            return;
        _references.AsSpan(_firstReference, _argumentReferences).Clear();
        _argumentReferences = 0;
    }

    /// <summary>
    /// Takes frame after frame off, newest first, and runs its function on from where it was, with the results of the one before in the context's
    /// slots; until none is left or one suspends.
    /// </summary>
    public unsafe void Resume(StoreContext context)
    {
        do
        {
            // What runs meanwhile neither moves nor changes the segment.
            ref var segment = ref _segments[_segmentCount - 1];
            ref var references = ref MemoryMarshal.GetArrayDataReference(_references);
            ref var frame = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_numbers), segment.NumberPosition);
            do
            {
                var header = frame;
                var instance = segment.Instance;
                if (!FrameHeader.IsSimple(header) || instance.Code.ResumeForm(FrameHeader.Function(header)) is var form && form is null)
                {
                    frame = ref ResumeOther(context, ref segment, ref frame);
                }
                else
                {
                    ref var numbers = ref Unsafe.Add(ref frame, 1);
                    var length = FrameHeader.LengthOfSimple(header);
                    frame = ref Unsafe.Add(ref frame, length);
                    segment.NumberPosition += length;
                    if (segment.IsAtEnd)
                        DropSegment();
                    form(instance, context, ref numbers, ref references, FrameHeader.Site(header));
                }

                if (context.Suspension is not null || context.IsInterrupted || context.Fuel < 0)
                    return;
            }
            while (!segment.IsAtEnd);
        }
        while (_segmentCount > 0);
    }

    /// <summary>Drops the frames that cannot catch an exception; false if none is left.</summary>
    /// <param name="context">The context.</param>
    /// <param name="exception">The exception, if it tells which frames it left.</param>
    public bool UnwindToHandler(StoreContext context, WasmException? exception)
    {
        while (!IsEmpty)
        {
            context.EndIfDue();
            ref var newest = ref _segments[_segmentCount - 1];
            var segment = newest;
            var (function, site) = Read(ref segment);
            if (segment.Instance.Code.Sites(function)[site].IsInTry)
                return true;
            exception?.AddFrame(segment.Instance.Module, function);

            // Code that is resumed takes its references away. This is not, and what catches may wait for long.
            _references.AsSpan(newest.ReferencePosition..segment.ReferencePosition).Clear();
            newest = segment;
            if (segment.IsAtEnd)
                DropSegment();
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
            while (!segment.IsAtEnd && trace.Count < MostTraced)
            {
                var (function, _) = Read(ref segment);
                if (segment.Instance.Module.HasFunction(function))
                    trace.Add(segment.Instance.Module.Describe(function));
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
        for (var segment = _segments[_segmentCount - 1]; !segment.IsAtEnd; count++)
            Read(ref segment);
        return count;
    }

    /// <summary>Drops all frames.</summary>
    /// <returns>The functions that they were of, innermost first; of very many only the first.</returns>
    public List<WasmFrame> Unwind()
    {
        var trace = Peek();
        Drop();
        return trace;
    }

    /// <summary>Drops all frames, and gives the memory back.</summary>
    public void Drop()
    {
        _segmentCount = 0;
        Free(keptLength: 0);
    }

    /// <summary>Makes an empty stack ready for another call.</summary>
    public void Reset()
    {
        Home = null;
        Free(ReusedLength);
    }

    /// <summary>Gives memory back, all of it or what is not worth keeping for another call.</summary>
    private void Free(int keptLength)
    {
        if (_numbers.Length > keptLength)
            Resize(ref _numbers, 0);
        if (_references.Length > 0)
            Resize(ref _references, 0);
        if (_segments.Length > keptLength)
            Resize(ref _segments, 0);
    }

    /// <summary>Makes room for what is to be saved, and gives back what is far more than that. Apart from saving, for which there mostly is room.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fit((int Start, int End) numbers, (int Start, int End) references)
    {
        Fit(ref _numbers, numbers.Start, numbers.End);
        Fit(ref _references, references.Start, references.End);
        Fit(ref _segments, _segmentCount, _segmentCount + 1);
        IsLarge = HeldBytes > Math.Min(SizeOf<ulong>(KeptLength), scheduler.MaxFrameBytes);
    }

    /// <summary>Makes an array long enough, or one that is far too long shorter.</summary>
    private void Fit<T>(ref T[] array, int start, int end)
    {
        if (end > array.Length || (array.Length > KeptLength && array.Length / 4 > end))
            Resize(ref array, Capacity(start, end));
    }

    /// <summary>A parked fiber is as small as can be; one that suspends again before older frames are resumed grows in steps.</summary>
    private static int Capacity(int start, int end) => start == 0 ? end : Math.Max(end, start * 2);

    private void Resize<T>(ref T[] array, int length)
    {
        scheduler.CountStack(SizeOf<T>(length) - SizeOf(array));
        if (length == 0)
            array = [];
        else
            Array.Resize(ref array, length);
    }

    private static long SizeOf<T>(T[] array) => SizeOf<T>(array.Length);

    private static long SizeOf<T>(int length) => (long)length * Unsafe.SizeOf<T>();

    /// <summary>Resumes the next frame of a segment, of any kind. Apart from the others, which are resumed faster when nothing is kept across other calls.</summary>
    /// <returns>The place of the next one.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe ref ulong ResumeOther(StoreContext context, ref Segment segment, ref ulong frame)
    {
        var header = frame;
        var (length, place) = Skip(ref segment, header);
        var instance = segment.Instance;
        if (segment.IsAtEnd)
            DropSegment();
        var form = instance.Code.ResumeForm(FrameHeader.Function(header));
        if (form is null)
            form = instance.Code.PrepareResumeForm(FrameHeader.Function(header), context.Stack);
        form(
            instance,
            context,
            ref Unsafe.Add(ref frame, 1),
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_references), place),
            FrameHeader.Site(header));
        return ref Unsafe.Add(ref frame, length);
    }

    /// <summary>Takes off the newest segment, whose frames were all read.</summary>
    private void DropSegment() => _segments[--_segmentCount].Instance = null!;

    /// <summary>Moves behind the next frame of a segment, which is of the segment's instance then.</summary>
    private (int Function, int Site) Read(ref Segment segment)
    {
        var header = _numbers[segment.NumberPosition];
        Skip(ref segment, header);
        return (FrameHeader.Function(header), FrameHeader.Site(header));
    }

    /// <inheritdoc cref="Read"/>
    /// <param name="segment">The segment.</param>
    /// <param name="header">The header of the frame.</param>
    /// <returns>The length of the frame in numbers, and the place of its references.</returns>
    private (int Length, int References) Skip(ref Segment segment, ulong header)
    {
        var place = segment.ReferencePosition;
        if ((header & FrameHeader.InstanceFollows) != 0)
            segment.Instance = (Instance)_references[place++]!;
        var (numbers, references) = (FrameHeader.Numbers(header), FrameHeader.References(header));
        if ((header & FrameHeader.IsLarge) != 0)
        {
            ref readonly var site = ref segment.Instance.Code.Sites(FrameHeader.Function(header))[FrameHeader.Site(header)];
            (numbers, references) = (site.NumberCount, site.ReferenceCount);
        }

        segment.ReferencePosition = place + references;
        segment.NumberPosition += 1 + numbers;
        return (1 + numbers, place);
    }

    private struct Segment(Instance instance, int numberStart, int referenceStart, int numberEnd, int referenceEnd)
    {
        public int NumberPosition = numberStart;
        public int ReferencePosition = referenceStart;
        public readonly int NumberEnd = numberEnd;

        /// <summary>The instance of the frame before; at the start the fiber's home, null if there is none.</summary>
        public Instance Instance = instance;

        public readonly bool IsAtEnd => NumberPosition == NumberEnd;

        public readonly (int Numbers, int References) End => (NumberEnd, referenceEnd);
    }
}
