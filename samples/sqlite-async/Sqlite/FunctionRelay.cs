namespace Fermata.Samples.SqliteAsync;

/// <summary>A function of SQL that is an async method.</summary>
internal sealed class FunctionRelay(SqliteInstance sqlite, Func<IReadOnlyList<object?>, CancellationToken, ValueTask<object?>> function)
{
    /// <summary>Calls it: context, number of arguments, and a pointer to them.</summary>
    public ValueTask<Answer> CallAsync(Caller caller, string method, ReadOnlySpan<long> arguments, CancellationToken cancellationToken)
    {
        var (context, count, values) = ((int)arguments[0], (int)arguments[1], (int)arguments[2]);

        // SQLite's values are read before the wait, and the result is given after it, both on the store's turn.
        var given = new object?[count];
        for (var i = 0; i < count; i++)
            given[i] = sqlite.Values.Read(caller.Memory.Read<int>(values + (i * sizeof(int))));
        return CallAsync(context, given, cancellationToken);
    }

    private async ValueTask<Answer> CallAsync(int context, object?[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var result = await function(arguments, cancellationToken);
            return new Answer(ResultCode.Ok, _ => sqlite.Values.Return(context, result));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Answer(ResultCode.Ok, _ => sqlite.Values.Fail(context, e.Message));
        }
    }
}
