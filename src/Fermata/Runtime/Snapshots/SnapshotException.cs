namespace Fermata;

/// <summary>A snapshot cannot be restored: it is damaged, of another format or another module, or says what cannot be.</summary>
public sealed class SnapshotException : Exception
{
    /// <summary>An exception that says why.</summary>
    /// <param name="message">Why it cannot be restored.</param>
    /// <param name="innerException">What that was found by; null if there is nothing.</param>
    public SnapshotException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
