using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>What stands behind a <see cref="ValueTask"/>: a task, a source, or nothing.</summary>
/// <remarks>
/// .NET does not tell, and asking for a task instead (<see cref="ValueTask.AsTask"/>) uses up a source. Sources call back on the spot, so only tasks are looked for. If
/// a .NET to come keeps it elsewhere, nothing is found, and tasks are awaited as sources are.
/// </remarks>
internal static class AwaitedObject
{
    public static object? Of(ref ValueTask task)
    {
        try
        {
            return Field(ref task);
        }
        catch (MissingFieldException)
        {
            return null;
        }
    }

    public static object? Of<T>(ref ValueTask<T> task)
    {
        try
        {
            return Fields<T>.Field(ref task);
        }
        catch (MissingFieldException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_obj")]
    private static extern ref object? Field(ref ValueTask task);

    private static class Fields<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_obj")]
        public static extern ref object? Field(ref ValueTask<T> task);
    }
}
