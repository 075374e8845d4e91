namespace Fermata;

/// <summary>The exported functions with which a module's own memory is allocated, for <see cref="ShadowStackPolicy.Separate"/>.</summary>
/// <param name="Allocate">
/// The name of a function that takes a size in bytes, or an alignment and a size, and returns an address, 0 if there is no room: C's
/// <c>malloc</c> or <c>aligned_alloc</c>.
/// </param>
/// <param name="Free">The name of a function that takes such an address and returns nothing: C's <c>free</c>.</param>
public sealed record class StackAllocator(string Allocate, string Free);
