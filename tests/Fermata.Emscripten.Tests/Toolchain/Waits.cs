using System.Threading.Channels;

namespace Fermata.Emscripten.Tests.Toolchain;

/// <summary>The function <c>wait_for</c> of programs: notes its number, and returns that when the test lets the call go on.</summary>
internal sealed class Waits
{
    private readonly Channel<TaskCompletionSource> _waiting = Channel.CreateUnbounded<TaskCompletionSource>();
    private readonly List<int> _numbers = [];

    /// <summary>All numbers, in their order.</summary>
    public int[] Numbers
    {
        get
        {
            lock (_numbers)
                return [.. _numbers];
        }
    }

    public EmscriptenHost Define(EmscriptenHost host) => host.Define("wait_for", async (int number) =>
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_numbers)
            _numbers.Add(number);
        _waiting.Writer.TryWrite(wait);
        await wait.Task;
        return number;
    });

    /// <summary>Lets what waits go on, one after the other, as often as it waits, until a call has ended.</summary>
    public async Task<T> FinishAsync<T>(Task<T> call)
    {
        while (await Task.WhenAny(call, _waiting.Reader.WaitToReadAsync().AsTask()).WaitAsync(TimeSpan.FromMinutes(5)) != call)
        {
            if (_waiting.Reader.TryRead(out var wait))
                wait.SetResult();
        }

        return await call;
    }
}
