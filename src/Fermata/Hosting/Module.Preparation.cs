namespace Fermata;

public sealed partial class Module
{
    /// <summary>Makes machine code for all functions now, which otherwise happens when each is first called.</summary>
    /// <remarks>
    /// It is made on threads of the pool, as many as there are processors, and kept as long as the module. Calls may be made meanwhile. Two things are left for
    /// when they are first needed: the code with which a function goes on after a suspension, and what binds a delegate to a function.
    /// </remarks>
    /// <param name="progress">Is told after each percent how much is done, from 0 to 1, the share of the functions. It is called by the threads that do the work, one at a time.</param>
    /// <param name="cancellationToken">Ends it; what is made is kept.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task PrepareAsync(IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Prepare(progress, cancellationToken), cancellationToken);

    private void Prepare(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        foreach (var export in Definition.Exports)
        {
            if (export.Kind == ExternKind.Func)
                Engine.Code.Entry(Types.FunctionTypes[export.Index]);
        }

        var (first, end) = (Definition.ImportedFunctionCount, Definition.Functions.Count);
        var done = 0;
        var reporting = new Lock();
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(first, end, options, function =>
        {
            Code.Prepare(function);
            if (progress is null)
                return;
            lock (reporting)
            {
                done++;
                if (done * 100L / (end - first) > (done - 1) * 100L / (end - first))
                    progress.Report((double)done / (end - first));
            }
        });
    }
}
