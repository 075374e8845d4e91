using Fermata.Binary;

namespace Fermata.Validation;

/// <content>The locals: their types, and which of those without a default value have been set (section 3.1.5 "Local Types").</content>
internal sealed partial class CodeValidator
{
    private ValType[] _parameters = [];

    /// <summary>The first of the declared locals, which follow the parameters; see <see cref="SetLocals"/>.</summary>
    private ValType[] _locals = new ValType[64];
    private int _expandedLocals;

    /// <summary>Parameters and locals.</summary>
    private int _localCount;
    private LocalRun[] _localRuns = new LocalRun[16];
    private int _runCount;

    /// <summary>The locals without a default value that are set at this point, and the order in which they were.</summary>
    private readonly HashSet<int> _initialized = [];
    private readonly List<int> _initializedOrder = [];

    /// <summary>Declared locals of one type, up to an index.</summary>
    private readonly record struct LocalRun(int End, ValType Type);

    /// <summary>Sets the locals of the function.</summary>
    /// <remarks>
    /// One declaration of three bytes can make 50,000 locals, so only so many are written out as the function is long; the others,
    /// which it can hardly name, are searched for among the declarations.
    /// </remarks>
    private void SetLocals(ValType[] parameters, FunctionBody body, int offset)
    {
        ClearLocals();
        var total = (ulong)parameters.Length;
        foreach (var group in body.Locals)
            total += group.Count;
        if (total > ImplementationLimits.Locals)
            throw Invalid($"too many locals: {total}, and the limit is {ImplementationLimits.Locals}", offset);

        _parameters = parameters;
        _localCount = (int)total;
        _expandedLocals = Math.Min(_localCount - parameters.Length, body.Code.Length);
        if (_locals.Length < _expandedLocals)
            _locals = new ValType[Math.Max(_expandedLocals, _locals.Length * 2)];
        if (_localRuns.Length < body.Locals.Length)
            _localRuns = new LocalRun[Math.Max(body.Locals.Length, _localRuns.Length * 2)];

        var end = 0;
        foreach (var group in body.Locals)
        {
            var type = ResolveType(group.Type, offset);
            var start = end;
            end += (int)group.Count;
            _localRuns[_runCount++] = new LocalRun(end, type);
            if (start < _expandedLocals)
                _locals.AsSpan(start, Math.Min(end, _expandedLocals) - start).Fill(type);
        }
    }

    private void ClearLocals()
    {
        _parameters = [];
        _localCount = 0;
        _expandedLocals = 0;
        _runCount = 0;
        _initialized.Clear();
        _initializedOrder.Clear();
    }

    private ValType LocalAt(int index)
    {
        if (index < _parameters.Length)
            return _parameters[index];
        var declared = index - _parameters.Length;
        if (declared < _expandedLocals)
            return _locals[declared];
        return index < _localCount ? SearchLocal(declared) : throw Invalid($"unknown local {index}");
    }

    /// <summary>Whether the local has a value here: a parameter does, and one whose type has a default value.</summary>
    private bool IsInitialized(int index, ValType type) =>
        type.IsDefaultable || index < _parameters.Length || _initialized.Contains(index);

    private ValType SearchLocal(int declared)
    {
        var low = 0;
        var high = _runCount - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (declared < _localRuns[middle].End)
                high = middle;
            else
                low = middle + 1;
        }

        return _localRuns[low].Type;
    }

    private void MarkInitialized(int index, ValType type)
    {
        if (!IsInitialized(index, type) && _initialized.Add(index))
            _initializedOrder.Add(index);
    }

    /// <summary>At the end of a block, what was set in it counts as unset again.</summary>
    private void ForgetLocals(int initializedBefore)
    {
        for (var i = _initializedOrder.Count - 1; i >= initializedBefore; i--)
            _initialized.Remove(_initializedOrder[i]);
        _initializedOrder.RemoveRange(initializedBefore, _initializedOrder.Count - initializedBefore);
    }
}
