using System.Runtime.CompilerServices;

namespace Fermata.Hosting;

/// <summary>Finds delegates with work that nobody would wait for.</summary>
internal static class LostTasks
{
    /// <exception cref="ArgumentException">The delegate is such a one.</exception>
    /// <param name="target">A delegate that WebAssembly is to call.</param>
    /// <param name="isAsync">Whether it returns a task.</param>
    public static void Refuse(Delegate target, bool isAsync)
    {
        if (isAsync && !target.HasSingleTarget)
        {
            throw new ArgumentException(
                "The delegate is several that return tasks (multicast), of which only the last one's would be waited for: give one that awaits them all.");
        }

        foreach (var single in target.GetInvocationList())
        {
            if (single.Method.ReturnType == typeof(void) && single.Method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false))
            {
                throw new ArgumentException(
                    "The delegate is async and returns void: WebAssembly would not wait for it, and what it throws would end the process. " +
                    "Let it return a task, as in \"async Task () => …\", or bind it to a delegate type that does.");
            }
        }
    }
}
