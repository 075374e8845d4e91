using System.Runtime.CompilerServices;

namespace Fermata.Python.Views;

/// <summary>
/// What goes over an asynchronous sequence, whatever its items are. Steps that are asked for at once follow each other. At the end, and after an exception, the sequence is given back.
/// </summary>
internal abstract class HostAsyncIterator : IAsyncDisposable
{
    private Task<object?> _last = Task.FromResult<object?>(null);
    private bool _isOver;

    /// <summary>Whether it has come to the end, in whatever way.</summary>
    public bool IsOver => _isOver;

    /// <summary>Whether an object is an asynchronous sequence.</summary>
    public static bool IsSequence(object value) => SequenceOf(value.GetType()) is not null;

    /// <summary>Begins to go over a sequence.</summary>
    /// <param name="value">The sequence.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static HostAsyncIterator Of(object value, CancellationToken cancellationToken) =>
        (HostAsyncIterator)Activator.CreateInstance(typeof(Over<>).MakeGenericType(SequenceOf(value.GetType())!.GenericTypeArguments), value, cancellationToken)!;

    /// <summary>The next item, or the end: a task for an <see cref="IteratorStep"/>.</summary>
    public Task<object?> Next() => _last = AfterAsync(_last, StepAsync);

    /// <summary>Ends it.</summary>
    public Task<object?> Close() => _last = AfterAsync(_last, EndAsync);

    /// <summary>Raises an exception where it is: nothing there catches it.</summary>
    public Task<object?> Throw(Exception exception) => _last = AfterAsync(_last, async () =>
    {
        await EndAsync().ConfigureAwait(false);
        throw exception;
    });

    /// <summary>Ends it, after the step that it may be in.</summary>
    public async ValueTask DisposeAsync()
    {
        await Close().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>The next item, or the end.</summary>
    protected abstract Task<IteratorStep> MoveAsync();

    /// <summary>Gives the sequence back.</summary>
    protected abstract ValueTask GiveBackAsync();

    private static async Task<object?> AfterAsync(Task last, Func<Task<IteratorStep>> step)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await step().ConfigureAwait(false);
    }

    private async Task<IteratorStep> StepAsync()
    {
        if (_isOver)
            return IteratorStep.End;
        var step = IteratorStep.End;
        try
        {
            return step = await MoveAsync().ConfigureAwait(false);
        }
        finally
        {
            if (step.IsEnd)
                await EndAsync().ConfigureAwait(false);
        }
    }

    private async Task<IteratorStep> EndAsync()
    {
        if (!_isOver)
        {
            _isOver = true;
            await GiveBackAsync().ConfigureAwait(false);
        }

        return IteratorStep.End;
    }

    private static Type? SequenceOf(Type type) =>
        Array.Find(type.GetInterfaces(), candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private sealed class Over<T>(IAsyncEnumerable<T> sequence, CancellationToken cancellationToken) : HostAsyncIterator
    {
        private readonly IAsyncEnumerator<IteratorStep> _steps = StepsAsync(sequence, cancellationToken).GetAsyncEnumerator(CancellationToken.None);

        protected override async Task<IteratorStep> MoveAsync() => await _steps.MoveNextAsync().ConfigureAwait(false) ? _steps.Current : IteratorStep.End;

        protected override ValueTask GiveBackAsync() => _steps.DisposeAsync();

        private static async IAsyncEnumerable<IteratorStep> StepsAsync(IAsyncEnumerable<T> sequence, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in sequence.WithCancellation(cancellationToken).ConfigureAwait(false))
                yield return new IteratorStep(IsEnd: false, item);
        }
    }
}
