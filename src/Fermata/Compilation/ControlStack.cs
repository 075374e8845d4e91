namespace Fermata.Compilation;

/// <summary>The blocks that the compiler is in; the outermost is the function.</summary>
internal sealed class ControlStack
{
    private readonly List<ControlFrame> _frames = [];

    /// <summary>Whether the end of the function was passed.</summary>
    public bool IsEmpty => _frames.Count == 0;

    /// <summary>The block that the code is in; set where another part of it begins.</summary>
    public ControlFrame Innermost
    {
        get => _frames[^1];
        set => _frames[^1] = value;
    }

    /// <summary>The block with a label; the innermost has label 0.</summary>
    public ControlFrame this[int label] => _frames[^(label + 1)];

    public bool IsFunction(int label) => label == _frames.Count - 1;

    public void Enter(ControlFrame frame) => _frames.Add(frame);

    public ControlFrame Leave()
    {
        var frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        return frame;
    }
}
