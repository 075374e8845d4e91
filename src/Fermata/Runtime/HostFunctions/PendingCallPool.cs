namespace Fermata.Runtime;

/// <summary>Pending calls of one import that can be used again, so that waiting in a loop makes no garbage.</summary>
/// <remarks>Used on the store's turn.</remarks>
internal struct PendingCallPool
{
    private const int Capacity = 32;

    private PendingCall? _first;
    private int _count;

    public PendingCall? Take()
    {
        var call = _first;
        if (call is not null)
        {
            _first = call.NextIdle;
            call.NextIdle = null;
            _count--;
        }

        return call;
    }

    public void Return(PendingCall call)
    {
        if (_count == Capacity)
            return;
        call.NextIdle = _first;
        _first = call;
        _count++;
    }
}
