namespace Fermata.Samples.SqliteAsync;

/// <summary>What a method of the host gives back to SQLite.</summary>
/// <param name="Code">The result.</param>
/// <param name="Write">
/// Writes results through pointers. It is done when the call of SQLite goes on: a pointer may be into its C stack, where another call may be while this one waits.
/// </param>
internal readonly record struct Answer(ResultCode Code, Action<Caller>? Write = null)
{
    /// <summary>The second step of an import.</summary>
    public int Complete(Caller caller)
    {
        Write?.Invoke(caller);
        return (int)Code;
    }
}
