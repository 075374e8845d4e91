using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Durable;

/// <content>What programs of WASI have beside their memory: files, output, and sleeps.</content>
internal sealed partial class RunningStore : IKeptSleeps
{
    private static readonly ElsewhereFunction Sleep = new("sleep");

    /// <summary>The last time that .NET can tell.</summary>
    private static readonly long LastTime = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private WasiContext? _surroundings;
    private ProgramOutput? _output;

    Task? IKeptSleeps.Begin(CallKey call, long milliseconds)
    {
        // What runs while the instance is made is in no snapshot, and waits here.
        lock (_lock)
        {
            if (!_isReady || (milliseconds <= 0 && !_recorded.ContainsKey(KeyOf(call))))
                return null;
        }

        return Begin(call, Sleep, new Asked("null", Due: After(milliseconds)));
    }

    /// <summary>The time in some milliseconds: one more than is left of this one.</summary>
    public long After(long milliseconds)
    {
        var now = _host.Now;
        return Math.Clamp(milliseconds, 0, LastTime - now - 1) + now + 1;
    }

    void IKeptSleeps.End(CallKey call)
    {
        Wait? wait;
        lock (_lock)
            _waits.TryGetValue(KeyOf(call), out wait);
        wait?.Arrive();
    }

    /// <summary>Makes the store if it was not restored, and gives it what programs have.</summary>
    private async Task OpenSurroundingsAsync(Module module, RestoredStore? restored)
    {
        _store ??= new Store(_host.Options.Engine, StoreOptions(module));
        _store.SetData(this);
        if (_host.Surroundings is not { } surroundings || !ProgramSurroundings.IsFor(module))
            return;
        _output = new ProgramOutput();
        var arguments = _row.Calls.Select(static call => call.ProgramArguments).FirstOrDefault(static arguments => arguments is not null);
        var context = await surroundings.OpenAsync(_output, arguments ?? [], restored, _end.Token).ConfigureAwait(false);
        lock (_lock)
        {
            if (!_isDisposed)
                _surroundings = context;
        }

        if (_surroundings is null)
        {
            // It was told to stop, and nobody else closes the files.
            await context.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(Name);
        }

        context.KeptSleeps = this;
        _store.SetData(context);
    }
}
