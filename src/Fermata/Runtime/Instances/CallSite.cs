namespace Fermata.Runtime;

/// <summary>A call that may suspend: what a frame that waits there keeps.</summary>
/// <param name="NumberCount">How many 64-bit numbers are live across the call.</param>
/// <param name="ReferenceCount">How many references are live across the call.</param>
/// <param name="Offset">The byte offset of the call instruction in the module.</param>
/// <param name="IsInTry">Whether the function may catch an exception that the call ends with.</param>
internal readonly record struct CallSite(int NumberCount, int ReferenceCount, int Offset, bool IsInTry);
