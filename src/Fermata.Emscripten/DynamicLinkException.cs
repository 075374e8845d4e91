namespace Fermata.Emscripten;

/// <summary>A library cannot be loaded into a running program. The message tells why, as <c>dlerror</c> does.</summary>
public sealed class DynamicLinkException : Exception
{
    internal DynamicLinkException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
