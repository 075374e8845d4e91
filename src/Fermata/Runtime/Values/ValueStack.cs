namespace Fermata.Runtime;

/// <summary>Room for the values of the untyped host functions that run in a store: a stack, since they call one another through WebAssembly.</summary>
/// <remarks>Used on the store's turn, and only by code that ends before it is given back.</remarks>
internal sealed class ValueStack
{
    private const int FirstCapacity = 16;

    private Value[] _values = [];
    private int _count;

    /// <summary>Takes room for so many values, which have no type yet.</summary>
    public Span<Value> Push(int count)
    {
        // What is below stays in the array that it is in.
        if (count > _values.Length - _count)
            _values = new Value[Math.Max(FirstCapacity, 2 * (_count + count))];
        var values = _values.AsSpan(_count, count);
        _count += count;
        return values;
    }

    /// <summary>Gives back what was taken last.</summary>
    public void Pop(int count)
    {
        _count -= count;
        _values.AsSpan(_count, count).Clear();
    }
}
