using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata;

/// <summary>An exception that WebAssembly code threw and did not catch, or that a host function throws for WebAssembly code to catch.</summary>
/// <remarks>Section 4.2.16 "Exception Instances".</remarks>
public sealed class WasmException : Exception
{
    /// <summary>How many frames of a deep stack are told.</summary>
    private const int MostFrames = 100;

    /// <summary>How many characters of a description are told.</summary>
    private const int LongestDescription = 1_000;

    /// <summary>What an exception takes beside its values, when it has left <see cref="MostFrames"/>: it is counted before it leaves any.</summary>
    internal const int HeaderBytes = 2_400;

    internal readonly ulong[] Numbers;
    internal readonly object?[] References;
    private List<(Module Module, int Function)>? _frames;

    internal WasmException(Tag tag)
        : base("a WebAssembly exception was not caught")
    {
        Tag = tag;
        Numbers = tag.NumberCount == 0 ? [] : new ulong[tag.NumberCount];
        References = tag.ReferenceCount == 0 ? [] : new object?[tag.ReferenceCount];
    }

    /// <summary>An exception for a host function to throw.</summary>
    /// <param name="tag">The kind.</param>
    /// <param name="values">The values, of the types that the tag says; functions must be of the store of the tag.</param>
    /// <exception cref="ArgumentException">There are more or fewer values, or one is of another type.</exception>
    public WasmException(Tag tag, params ReadOnlySpan<Value> values)
        : this(Require(tag))
    {
        var types = tag.DefinedType.Func!.ParameterArray;
        if (types.Length != values.Length)
            throw new ArgumentException($"The tag has {types.Length} values, and {values.Length} are given.", nameof(values));
        for (var i = 0; i < types.Length; i++)
        {
            if (!Fits(values[i], types[i], tag.Store))
            {
                throw new ArgumentException(
                    $"Value {i} of the exception must be {types[i]}, found {ReferenceConversion.Describe(values[i], tag.Store)}.", nameof(values));
            }
        }

        SlotTransfer.Write(Numbers, References, values);
    }

    /// <summary>The kind.</summary>
    public Tag Tag { get; }

    /// <summary>The values that the exception carries.</summary>
    public IReadOnlyList<Value> Values => SlotTransfer.Read(Numbers, References, Tag.DefinedType.Func!.ParameterArray);

    /// <summary>The WebAssembly functions that it left, innermost first: those that did not catch it, or caught it and threw it again. Of a deep stack the first 100.</summary>
    public IReadOnlyList<WasmFrame> WasmStack => _frames is null ? [] : _frames.ConvertAll(frame => frame.Module.Describe(frame.Function));

    /// <summary>
    /// What happened, what <see cref="StoreOptions.DescribeException"/> says of it, and a line for each frame of <see cref="WasmStack"/>; deep stacks are shortened.
    /// </summary>
    public override string Message =>
        base.Message + (Description is null ? "" : $": {HostileText.Printable(Description, LongestDescription)}") + WasmTrace.Lines(WasmStack);

    /// <summary>What the host says of it; null for nothing.</summary>
    internal string? Description { get; set; }

    /// <summary>Notes a function that the exception leaves. Pieces of functions are left out.</summary>
    internal void AddFrame(Module module, int function)
    {
        _frames ??= [];
        if (_frames.Count < MostFrames && module.HasFunction(function))
            _frames.Add((module, function));
    }

    private static bool Fits(Value value, ValType type, Store store) =>
        type.IsRef ? value.Type.IsRef && ReferenceTyping.Matches(value.Reference, type, store) : value.Type == type;

    private static Tag Require(Tag tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return tag;
    }
}
