using System.Runtime.CompilerServices;

namespace Fermata.Python.Views;

/// <summary>What goes over an asynchronous sequence, whatever its items are. Steps that are asked for at once follow each other.</summary>
internal abstract class HostAsyncIterator
{
    private Task<object?> _last = Task.FromResult<object?>(null);

    /// <summary>Whether an object is an asynchronous sequence.</summary>
    public static bool IsSequence(object value) => SequenceOf(value.GetType()) is not null;

    /// <summary>Begins to go over a sequence.</summary>
    /// <param name="value">The sequence.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static HostAsyncIterator Of(object value, CancellationToken cancellationToken) =>
        (HostAsyncIterator)Activator.CreateInstance(typeof(Over<>).MakeGenericType(SequenceOf(value.GetType())!.GenericTypeArguments), value, cancellationToken)!;

    /// <summary>The next item, or the end: a task for an <see cref="IteratorStep"/>.</summary>
    public Task<object?> Next() => _last = NextAfterAsync(_last);

    /// <summary>The next step. At the end, and after an exception, the sequence is given back.</summary>
    protected abstract Task<IteratorStep> StepAsync();

    private async Task<object?> NextAfterAsync(Task last)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await StepAsync().ConfigureAwait(false);
    }

    private static Type? SequenceOf(Type type) =>
        Array.Find(type.GetInterfaces(), candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private sealed class Over<T>(IAsyncEnumerable<T> sequence, CancellationToken cancellationToken) : HostAsyncIterator
    {
        private readonly IAsyncEnumerator<IteratorStep> _steps = StepsAsync(sequence).GetAsyncEnumerator(cancellationToken);

        protected override async Task<IteratorStep> StepAsync() => await _steps.MoveNextAsync().ConfigureAwait(false) ? _steps.Current : new IteratorStep(IsEnd: true, null);

        private static async IAsyncEnumerable<IteratorStep> StepsAsync(IAsyncEnumerable<T> sequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var item in sequence.WithCancellation(cancellationToken).ConfigureAwait(false))
                yield return new IteratorStep(IsEnd: false, item);
        }
    }
}
