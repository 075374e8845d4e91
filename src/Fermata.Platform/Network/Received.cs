using System.Net;

namespace Fermata.Platform.Network;

/// <summary>What was received.</summary>
/// <param name="Count">How many bytes.</param>
/// <param name="From">Who sent a datagram; null for those of a stream.</param>
/// <param name="IsTruncated">Whether the datagram had more.</param>
/// <param name="Delivery">The way of the bytes to the call; null if they were not taken, or the call cannot be cancelled.</param>
internal readonly record struct Received(int Count, EndPoint? From = null, bool IsTruncated = false, Delivery? Delivery = null);
