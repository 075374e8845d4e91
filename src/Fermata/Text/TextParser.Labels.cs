namespace Fermata.Text;

/// <summary>Labels: names for the blocks around an instruction (section 6.5.1 "Labels").</summary>
internal sealed partial class TextParser
{
    private static readonly IndexSpace NoLocals = new("local");

    /// <summary>The names of the labels of the function at hand, by the order in which their blocks begin.</summary>
    private readonly List<(int Index, string Name)> _functionLabels = [];

    /// <summary>For each visible name, how many labels were open before that label.</summary>
    private readonly Dictionary<string, int> _labels = [];
    private int _openLabels;
    private int _labelCount;
    private IndexSpace _locals = NoLocals;

    private void BeginLabels()
    {
        _functionLabels.Clear();
        _labelCount = 0;
    }

    /// <summary>The identifier that the text has for a block, and the name for debuggers.</summary>
    private readonly record struct Label(string? Identifier, string? Name);

    /// <summary>Opens a label; gives the level that its identifier stood for before, or -1.</summary>
    private int PushLabel(Label label)
    {
        var hidden = -1;
        if (label.Identifier is { } identifier)
        {
            hidden = _labels.GetValueOrDefault(identifier, -1);
            _labels[identifier] = _openLabels;
        }

        if (label.Name is { } name)
            _functionLabels.Add((_labelCount, name));
        _labelCount++;
        _openLabels++;
        return hidden;
    }

    private void PopLabel(OpenForm form)
    {
        _openLabels--;
        if (form.Label.Identifier is not { } identifier)
            return;
        if (form.Hidden >= 0)
            _labels[identifier] = form.Hidden;
        else
            _labels.Remove(identifier);
    }

    private Label TakeLabelDefinition()
    {
        var identifier = _cursor.TryTakeIdentifier();
        return new Label(identifier, NameAnnotation.TryTake(_cursor, "label") ?? identifier);
    }

    /// <summary>Takes a label: a number, which may be out of range, or the name of an open label.</summary>
    private uint TakeLabel()
    {
        if (_cursor.TryTakeIdentifier() is not { } name)
            return _cursor.TakeU32();
        return _labels.TryGetValue(name, out var level)
            ? (uint)(_openLabels - 1 - level)
            : throw _cursor.MalformedPrevious("unknown label");
    }

    /// <summary>An identifier after <c>else</c> or <c>end</c> repeats that of the block.</summary>
    private void CheckRepeatedLabel(Label label)
    {
        if (_cursor.TryTakeIdentifier() is { } repeated && repeated != label.Identifier)
            throw _cursor.MalformedPrevious("mismatching label");
    }
}
