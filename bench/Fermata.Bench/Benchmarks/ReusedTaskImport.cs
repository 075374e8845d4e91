using System.Threading.Tasks.Sources;

namespace Fermata.Bench;

/// <summary>
/// One task source for all calls, as .NET's sockets and pipes have one for all reads: what a host does that waits often.
/// </summary>
internal sealed class ReusedTaskImport : IWaitImport, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _core;
    private int _value;

    public EventLoop Loop { get; } = new();

    public ValueTask<int> Wait(int value)
    {
        _value = value;
        _core.Reset();
        Loop.Post(static import => ((ReusedTaskImport)import!).Complete(), this);
        return new ValueTask<int>(this, _core.Version);
    }

    public int GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Complete() => _core.SetResult(_value);
}
