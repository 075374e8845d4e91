using System.Runtime.ExceptionServices;

namespace Fermata.Fuzz.Running;

/// <summary>Runs something on a thread with a stack so large that recursion ends elsewhere first.</summary>
internal static class BigStack
{
    /// <summary>What an engine may use of it.</summary>
    public const int EngineBytes = 128 << 20;

    private const int Bytes = 256 << 20;

    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            Bytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
