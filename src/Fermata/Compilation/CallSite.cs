using Fermata.Suspension;

namespace Fermata.Compilation;

/// <summary>A call that may suspend: what a frame that waits there keeps.</summary>
/// <param name="Function">The function that the call stands in.</param>
/// <param name="Index">The number of the site in its function.</param>
/// <param name="NumberCount">How many 64-bit numbers are live across the call.</param>
/// <param name="ReferenceCount">How many references are live across the call.</param>
/// <param name="Offset">The byte offset of the call instruction in the module.</param>
/// <param name="IsInTry">Whether the function may catch an exception that the call ends with.</param>
internal readonly record struct CallSite(CompiledFunction Function, int Index, int NumberCount, int ReferenceCount, int Offset, bool IsInTry)
{
    public ulong Header => FrameHeader.Create(Function.Index, Index, NumberCount, ReferenceCount);
}
