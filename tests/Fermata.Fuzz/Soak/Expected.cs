using Fermata.Fuzz.Running;

namespace Fermata.Fuzz.Soak;

/// <summary>What a call may end with.</summary>
internal static class Expected
{
    /// <summary>Whether hosting.md tells of an exception, or the host has thrown it.</summary>
    public static bool IsExpected(Exception exception) => exception switch
    {
        TrapException or WasmException or WasmExitException or ResourceLimitException or SuspendException or HostException => true,
        OperationCanceledException or InsufficientMemoryException => true,
        ObjectDisposedException disposed => disposed.ObjectName == typeof(Store).FullName,
        _ => false,
    };
}
