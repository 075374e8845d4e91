using Microsoft.Extensions.Logging;

namespace Fermata.Durable;

/// <summary>What is logged.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The database {Name} failed; it is tried again.")]
    public static partial void DatabaseFailed(ILogger log, string name, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "{Function} failed for the store '{Store}'.")]
    public static partial void FunctionFailed(ILogger log, string function, string store, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The store '{Store}' is run by another process by now; what happened here since its last commit is dropped.")]
    public static partial void StoreLost(ILogger log, string store);

    [LoggerMessage(4, LogLevel.Error, "The store '{Store}' cannot be gone on with.")]
    public static partial void StoreBlocked(ILogger log, string store, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "This process gave no sign of life for {LeaseTime}, so that others may run its stores; it drops them.")]
    public static partial void LeaseLost(ILogger log, TimeSpan leaseTime);
}
