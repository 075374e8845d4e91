using Microsoft.Extensions.Logging;

namespace Fermata.Orleans;

/// <summary>What is logged.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The store '{Store}' is left, for another activation to try.")]
    public static partial void StoreNotHeld(ILogger log, string store, Exception exception);
}
