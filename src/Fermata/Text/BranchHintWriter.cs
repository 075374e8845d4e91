using Fermata.Binary;

namespace Fermata.Text;

/// <summary>The custom section of branch hints, made of annotations (appendix "Branch Hints").</summary>
internal sealed class BranchHintWriter
{
    private readonly ByteWriter _functions = new();
    private readonly ByteWriter _hints = new();
    private int _functionCount;
    private int _hintCount;

    /// <summary>Adds a hint to the function at hand. They come in the order of the code.</summary>
    /// <param name="offset">The offset of the branch in the function's body, from the locals on.</param>
    /// <param name="hint">The value and the place of the annotation.</param>
    public void Add(int offset, BranchHint hint)
    {
        _hints.Mark(hint.TextOffset);
        _hints.WriteUnsigned((ulong)offset);
        _hints.WriteUnsigned(1);
        _hints.WriteByte(hint.Value);
        _hintCount++;
    }

    /// <summary>Ends a function. They come in the order of their indices.</summary>
    public void EndFunction(int index)
    {
        if (_hintCount == 0)
            return;
        _functions.WriteUnsigned((ulong)index);
        _functions.WriteUnsigned((ulong)_hintCount);
        _functions.Append(_hints);
        _functionCount++;
        _hints.Clear();
        _hintCount = 0;
    }

    /// <summary>Adds the section to those of a module, unless there are no hints.</summary>
    public void AddTo(CustomSectionWriter sections)
    {
        if (_functionCount == 0)
            return;
        var content = new ByteWriter();
        content.WriteUnsigned((ulong)_functionCount);
        content.Append(_functions);
        sections.Add(CustomPlace.Before(SectionId.Code), BranchHints.SectionName, content);
    }
}
