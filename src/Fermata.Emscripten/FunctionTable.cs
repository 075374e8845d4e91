namespace Fermata.Emscripten;

/// <summary>The functions to which a program in C has pointers, which are indices of this table.</summary>
internal sealed class FunctionTable(Table table)
{
    private readonly Lock _lock = new();

    /// <summary>Indices that were removed: the next functions get them, so that the table does not grow for ever.</summary>
    private readonly SortedSet<int> _free = [];

    /// <summary>What was added here, and not removed.</summary>
    private readonly HashSet<int> _added = [];

    private readonly HashSet<int> _addedByHost = [];

    /// <summary>The index of each function; made when it is first needed.</summary>
    private Dictionary<Function, int>? _indices;

    public Table Table => table;

    /// <summary>How many functions the host has added, and not removed.</summary>
    public int AddedByHost => _addedByHost.Count;

    /// <summary>Adds a function of the host's.</summary>
    /// <inheritdoc cref="Add"/>
    public int AddForHost(Function function)
    {
        lock (_lock)
        {
            var index = Add(function);
            _addedByHost.Add(index);
            return index;
        }
    }

    /// <summary>Adds a function; or, for null, a place for one.</summary>
    /// <returns>Its index.</returns>
    /// <exception cref="InvalidOperationException">The table can have no more elements.</exception>
    public int Add(Function? function)
    {
        lock (_lock)
        {
            var index = _free.Min;
            if (!_free.Remove(index))
                index = Grow(1);
            table.Set(index, function);
            _added.Add(index);
            if (function is not null)
                _indices?.TryAdd(function, index);
            return index;
        }
    }

    /// <summary>The function at an index; null if there is none.</summary>
    public Function? Find(int index) => (uint)index < (uint)table.Length ? table.Get<Function>(index) : null;

    /// <summary>Puts a function at a place that was added.</summary>
    /// <returns>Whether there is such a place.</returns>
    public bool Replace(int index, Function function)
    {
        lock (_lock)
        {
            if (!_added.Contains(index))
                return false;
            Forget(index);
            table.Set(index, function);
            return true;
        }
    }

    /// <summary>Removes a function that was added.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(int index)
    {
        lock (_lock)
        {
            if (!_added.Remove(index))
                return false;
            _addedByHost.Remove(index);
            Forget(index);
            table.Set(index, null);
            return _free.Add(index);
        }
    }

    /// <summary>The index of a function, which is added if it has none: C compares pointers to functions.</summary>
    public int IndexOf(Function function)
    {
        lock (_lock)
            return (_indices ??= FindAll()).TryGetValue(function, out var index) ? index : Add(function);
    }

    /// <summary>Makes room for the functions of a module, which puts them there itself.</summary>
    /// <param name="count">How many.</param>
    /// <param name="alignment">What the index of the first is a multiple of, as a power of two.</param>
    /// <returns>The index of the first.</returns>
    /// <exception cref="InvalidOperationException">The table can have no more elements.</exception>
    public int Reserve(uint count, int alignment)
    {
        lock (_lock)
        {
            // What is put there is not in the map.
            _indices = null;
            var first = (table.Length + (1L << alignment) - 1) >> alignment << alignment;
            Grow(first - table.Length + count);
            return (int)first;
        }
    }

    /// <summary>The indices of what was added, and those that were removed, for an image.</summary>
    public (int[] Added, int[] Free) Save()
    {
        lock (_lock)
            return ([.. _added], [.. _free]);
    }

    /// <summary>Takes them from an image.</summary>
    public void Restore((int[] Added, int[] Free) saved)
    {
        lock (_lock)
        {
            _added.UnionWith(saved.Added);
            _free.UnionWith(saved.Free);
        }
    }

    /// <summary>Takes the function at an index out of the map.</summary>
    private void Forget(int index)
    {
        if (_indices is not null && table.Get<Function>(index) is { } function && _indices.GetValueOrDefault(function) == index)
            _indices.Remove(function);
    }

    private int Grow(long count) => count <= int.MaxValue && table.Grow((int)count) is var index and >= 0
        ? index
        : throw new InvalidOperationException(
            $"The table of functions has {table.Length} elements and cannot grow by {count}: its type is {table.Type}. Link the program with -sALLOW_TABLE_GROWTH.");

    private Dictionary<Function, int> FindAll()
    {
        var indices = new Dictionary<Function, int>(ReferenceEqualityComparer.Instance);
        for (var index = 0; index < table.Length; index++)
        {
            if (table.Get<Function>(index) is { } function)
                indices.TryAdd(function, index);
        }

        return indices;
    }
}
