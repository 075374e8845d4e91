namespace Fermata.Text;

/// <summary>The annotations of a text that the assembler knows, in the order of the text.</summary>
internal sealed class AnnotationList
{
    private static readonly string[] Ids = ["custom", "name", "metadata.code.branch_hint"];

    private readonly List<Annotation> _items = [];

    /// <summary>The kind of annotation with an id; null for one that the assembler does not know.</summary>
    public static AnnotationKind? FindKind(string id) => Array.IndexOf(Ids, id) is >= 0 and var kind ? (AnnotationKind)kind : null;

    public void Add(Annotation annotation) => _items.Add(annotation);

    /// <summary>Takes all annotations of a kind that stand before a token.</summary>
    public List<Annotation>? Take(AnnotationKind kind, int token)
    {
        List<Annotation>? taken = null;
        for (var i = FirstFrom(token); i < _items.Count && _items[i].Token == token; i++)
        {
            if (_items[i].Kind != kind)
                continue;
            _items[i].IsTaken = true;
            (taken ??= []).Add(_items[i]);
        }

        return taken;
    }

    /// <summary>Whether an annotation of a kind stands before a token.</summary>
    public bool Contains(AnnotationKind kind, int token)
    {
        for (var i = FirstFrom(token); i < _items.Count && _items[i].Token == token; i++)
        {
            if (_items[i].Kind == kind)
                return true;
        }

        return false;
    }

    /// <summary>The first annotation before one of these tokens that nothing has taken; null if there is none.</summary>
    public Annotation? FindLeft(int firstToken, int lastToken)
    {
        for (var i = FirstFrom(firstToken); i < _items.Count && _items[i].Token <= lastToken; i++)
        {
            if (!_items[i].IsTaken)
                return _items[i];
        }

        return null;
    }

    /// <summary>The index of the first annotation that does not stand before an earlier token.</summary>
    private int FirstFrom(int token)
    {
        var low = 0;
        var high = _items.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_items[middle].Token < token)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
