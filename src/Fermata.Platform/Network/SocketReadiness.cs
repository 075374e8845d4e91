namespace Fermata.Platform.Network;

/// <summary>What is told of a socket of which nobody has to wait.</summary>
/// <param name="Bytes">How many bytes can be read, or connections taken, at least.</param>
/// <param name="IsHungUp">Whether the other end is gone.</param>
internal readonly record struct SocketReadiness(int Bytes, bool IsHungUp);
