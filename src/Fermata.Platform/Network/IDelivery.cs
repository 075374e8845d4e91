namespace Fermata.Platform.Network;

/// <summary>Something on its way to the call that wanted it.</summary>
internal interface IDelivery
{
    /// <summary>It is there, which is said when the call goes on; false if it was given back already, by a cancellation of the call.</summary>
    bool TryArrive();
}
