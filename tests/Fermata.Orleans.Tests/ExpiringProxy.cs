using System.Reflection;

namespace Fermata.Orleans.Tests;

/// <summary>Has the first messages to grains expire: those that ask for the state of a call.</summary>
public class ExpiringProxy : DispatchProxy
{
    private object _target = null!;
    private ExpiringProxy _counter = null!;

    /// <summary>How many are to expire still.</summary>
    public int Expirations { get; private set; }

    /// <param name="target">What gets the others.</param>
    /// <param name="expirations">How many expire.</param>
    public static T Of<T>(T target, int expirations)
        where T : class
    {
        var made = Create<T, ExpiringProxy>();
        var proxy = (ExpiringProxy)(object)made;
        (proxy._target, proxy._counter, proxy.Expirations) = (target, proxy, expirations);
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IDurableStoreGrain.GetStateAsync) && _counter.Expirations > 0)
        {
            _counter.Expirations--;
            return Task.FromException<DurableCallStatus?>(new OperationCanceledException("The message has expired."));
        }

        var result = targetMethod.Invoke(_target, args);
        if (result is not IDurableStoreGrain grain)
            return result;
        var made = Of(grain, 0);
        ((ExpiringProxy)(object)made)._counter = _counter;
        return made;
    }
}
