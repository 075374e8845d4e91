namespace Fermata.Text;

/// <summary>Labels: names for the blocks around an instruction (section 6.5 "Labels").</summary>
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

    /// <summary>Opens a label; gives the level that its name stood for before, or -1.</summary>
    private int PushLabel(string? name)
    {
        var hidden = -1;
        if (name is not null)
        {
            hidden = _labels.GetValueOrDefault(name, -1);
            _labels[name] = _openLabels;
            _functionLabels.Add((_labelCount, name));
        }

        _labelCount++;
        _openLabels++;
        return hidden;
    }

    private void PopLabel(string? name, int hidden)
    {
        _openLabels--;
        if (name is null)
            return;
        if (hidden >= 0)
            _labels[name] = hidden;
        else
            _labels.Remove(name);
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
    private void CheckRepeatedLabel(string? label)
    {
        if (_cursor.TryTakeIdentifier() is { } repeated && repeated != label)
            throw _cursor.MalformedPrevious("mismatching label");
    }
}
