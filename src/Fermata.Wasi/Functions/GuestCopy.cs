namespace Fermata.Wasi.Functions;

/// <summary>Copies to or from a program's memory, and looks now and then whether the call is to end.</summary>
/// <param name="caller">Whoever calls.</param>
internal ref struct GuestCopy(Caller caller)
{
    /// <summary>After as many bytes it looks: to copy them takes less than a millisecond, also where the system has to make their pages.</summary>
    internal const int PieceBytes = 1 << 20;

    /// <summary>What a copy takes beside its bytes, in bytes that could be copied meanwhile, or more.</summary>
    private const int CopyCost = 256;

    private int _left = PieceBytes;

    /// <summary>Copies bytes.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="target">Where they go to; it has room for them.</param>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The store is being disposed.</exception>
    public void Copy(scoped ReadOnlySpan<byte> source, scoped Span<byte> target)
    {
        _left -= CopyCost;
        while (true)
        {
            if (_left <= 0)
            {
                caller.ThrowIfEnding();
                _left = PieceBytes;
            }

            if (source.IsEmpty)
                return;
            var length = Math.Min(source.Length, _left);
            source[..length].CopyTo(target);
            source = source[length..];
            target = target[length..];
            _left -= length;
        }
    }
}
