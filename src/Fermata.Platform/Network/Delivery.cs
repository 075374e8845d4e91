namespace Fermata.Platform.Network;

/// <summary>Something that was taken from a socket, on its way to the call that wanted it: if the call is cancelled before it arrives, it is given back.</summary>
internal sealed class Delivery : IDelivery
{
    private readonly Lock _lock;
    private readonly Action _giveBack;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Sends something on its way.</summary>
    /// <param name="sync">What is held while it is given back.</param>
    /// <param name="giveBack">Gives it back.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    public Delivery(Lock sync, Action giveBack, CancellationToken cancellationToken)
    {
        (_lock, _giveBack, _cancellationToken) = (sync, giveBack, cancellationToken);
        _registration = cancellationToken.UnsafeRegister(static delivery => ((Delivery)delivery!).GiveBack(), this);
    }

    /// <summary>Whether it arrived or was given back.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether it is to be given back: whoever sees it first may do so.</summary>
    public bool IsCancelled => _cancellationToken.IsCancellationRequested;

    /// <summary>Gives it back if it has not arrived.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            if (IsOver)
                return;
            IsOver = true;
            _giveBack();
        }
    }

    /// <inheritdoc/>
    public bool TryArrive()
    {
        lock (_lock)
        {
            if (IsOver)
                return false;
            IsOver = true;
        }

        _registration.Unregister();
        return true;
    }
}
