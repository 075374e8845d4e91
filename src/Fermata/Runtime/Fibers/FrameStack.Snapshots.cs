namespace Fermata.Runtime;

/// <summary>A frame as it lies in a <see cref="FrameStack"/>.</summary>
/// <param name="Instance">The instance of its function.</param>
/// <param name="Function">The number of the function or piece.</param>
/// <param name="Site">The number of the call site.</param>
/// <param name="Numbers">The live numbers.</param>
/// <param name="References">The live references.</param>
internal readonly record struct SavedFrame(Instance Instance, int Function, int Site, ReadOnlyMemory<ulong> Numbers, ReadOnlyMemory<object?> References);

/// <summary>The frames of a fiber that does not run, for snapshots.</summary>
internal sealed partial class FrameStack
{
    /// <summary>How many suspensions have frames that were not resumed.</summary>
    public int SegmentCount => _segmentCount;

    /// <summary>The frames of one suspension, innermost first.</summary>
    /// <param name="index">Which one; the oldest is 0.</param>
    public IEnumerable<SavedFrame> Frames(int index)
    {
        // A copy: reading moves its position.
        var segment = _segments[index];
        while (!segment.IsAtEnd)
        {
            var place = segment.NumberPosition;
            var header = _numbers[place];
            var (length, references) = Skip(ref segment, header);
            yield return new SavedFrame(
                segment.Instance,
                FrameHeader.Function(header),
                FrameHeader.Site(header),
                _numbers.AsMemory(place + 1, length - 1),
                _references.AsMemory(references, segment.ReferencePosition - references));
        }
    }

    /// <summary>The arguments of the import that suspended last.</summary>
    /// <param name="numbers">How many numbers they are.</param>
    /// <param name="references">How many references they are.</param>
    public SlotValues Arguments(int numbers, int references) =>
        new([.. _numbers.AsSpan(_firstNumber, numbers)], [.. _references.AsSpan(_firstReference, references)]);

    /// <summary>Gives an empty stack frames.</summary>
    /// <param name="segments">The frames of each suspension, the oldest first; in each, innermost first.</param>
    /// <returns>Whether a call may have so many.</returns>
    /// <exception cref="ResourceLimitException">The store may not have the memory for them.</exception>
    public bool TryRestore(List<List<SavedFrame>> segments)
    {
        var numbers = new List<ulong>();
        var references = new List<object?>();
        var places = new List<Segment>();
        foreach (var frames in segments)
        {
            var (numberStart, referenceStart) = (numbers.Count, references.Count);
            var instance = Home;
            foreach (var frame in frames)
            {
                var header = FrameHeader.Create(frame.Function, frame.Site, frame.Numbers.Length, frame.References.Length);
                if (frame.Instance != instance)
                {
                    instance = frame.Instance;
                    header |= FrameHeader.InstanceFollows;
                    references.Add(instance);
                }

                numbers.Add(header);
                numbers.AddRange(frame.Numbers.Span);
                references.AddRange(frame.References.Span);
            }

            places.Add(new Segment(Home!, numberStart, referenceStart, numbers.Count, references.Count));
        }

        Resize(ref _numbers, numbers.Count);
        Resize(ref _references, references.Count);
        Resize(ref _segments, places.Count);
        numbers.CopyTo(_numbers);
        references.CopyTo(_references);
        places.CopyTo(_segments);
        _segmentCount = places.Count;
        IsLarge = HeldBytes > Math.Min(SizeOf<ulong>(KeptLength), scheduler.MaxFrameBytes);
        return ByteLength <= scheduler.MaxFrameBytes;
    }
}
