using System.Collections;
using System.Runtime.CompilerServices;

namespace Fermata.Python.Views;

/// <summary>What goes over a sequence for Python, as a generator does: it can be closed, and gives its enumerator back at the end, and when it fails.</summary>
internal sealed class HostIterator : IEnumerator
{
    /// <summary>Those of enumerators that Python was given themselves.</summary>
    private static readonly ConditionalWeakTable<IEnumerator, HostIterator> Given = [];

    private readonly IEnumerator _enumerator;
    private bool _isOver;

    public HostIterator(IEnumerator enumerator) => _enumerator = enumerator;

    object? IEnumerator.Current => _enumerator.Current;

    /// <summary>Whether it has come to the end, in whatever way.</summary>
    public bool IsOver => _isOver;

    /// <summary>The one of an enumerator.</summary>
    public static HostIterator Of(IEnumerator enumerator) => enumerator as HostIterator ?? Given.GetValue(enumerator, static enumerator => new HostIterator(enumerator));

    /// <summary>The next item, or the end.</summary>
    public IteratorStep Next() => ((IEnumerator)this).MoveNext() ? new IteratorStep(IsEnd: false, _enumerator.Current) : IteratorStep.End;

    /// <summary>Ends it.</summary>
    public IteratorStep Close()
    {
        if (!_isOver)
        {
            _isOver = true;
            (_enumerator as IDisposable)?.Dispose();
        }

        return IteratorStep.End;
    }

    bool IEnumerator.MoveNext()
    {
        if (_isOver)
            return false;
        var isThere = false;
        try
        {
            return isThere = _enumerator.MoveNext();
        }
        finally
        {
            if (!isThere)
                Close();
        }
    }

    void IEnumerator.Reset() => throw new NotSupportedException("Python goes over a sequence once.");
}
