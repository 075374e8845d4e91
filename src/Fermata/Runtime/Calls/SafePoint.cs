using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>A place where a collection of garbage can stop the thread.</summary>
/// <remarks>
/// In optimized code .NET stops a thread anywhere in a loop that calls nothing, and else where a call has returned. In a method that is too large for its optimizer it stops it only inside what is called, and not
/// in a function that has nothing but its return. A loop there that calls nothing else is never stopped: if it does not end, the collection waits for ever, and with it every thread of the process.
/// </remarks>
internal static class SafePoint
{
    /// <summary>Some instructions to be stopped in. With a constant argument and a result that is not used, nothing is left of them in optimized code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Reach(uint value) => BitOperations.RotateLeft(value * 0x9E3779B1, 7) * value;
}
