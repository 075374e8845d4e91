namespace Fermata.Platform.Network;

/// <summary>A connection that was accepted.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="GiveBack">Gives it back to the queue, for whoever takes the next, if there is no place for it.</param>
/// <param name="Delivery">Its way to the call; null if the call cannot be cancelled.</param>
internal readonly record struct Accepted(GuestSocket Connection, Action GiveBack, Delivery? Delivery);
