namespace Fermata.Runtime;

/// <summary>Suspensions of one import that can be used again, so that waiting in a loop makes no garbage.</summary>
/// <remarks>Used on the store's turn.</remarks>
internal struct SuspensionPool
{
    private const int Capacity = 32;

    private ImportSuspension? _first;
    private int _count;

    public ImportSuspension? Take()
    {
        var suspension = _first;
        if (suspension is not null)
        {
            _first = suspension.NextIdle;
            suspension.NextIdle = null;
            _count--;
        }

        return suspension;
    }

    public void Return(ImportSuspension suspension)
    {
        if (_count == Capacity)
            return;
        suspension.NextIdle = _first;
        _first = suspension;
        _count++;
    }
}
