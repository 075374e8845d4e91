namespace Fermata.Durable;

/// <content>What guests wait for.</content>
public sealed partial class DurableHost
{
    /// <summary>Defines a function of the host that takes and gives numbers.</summary>
    /// <param name="module">The first part of the name under which modules import it.</param>
    /// <param name="name">The second part.</param>
    /// <param name="call">
    /// A delegate that takes a <see cref="DurableCall"/> and numbers (<see cref="int"/>, <see cref="uint"/>, <see cref="long"/>, <see cref="ulong"/>, <see cref="float"/>,
    /// <see cref="double"/>), and returns a task of a number, or of nothing. What it throws is recorded, and thrown to the guest as a <see cref="DurableFunctionException"/>.
    /// </param>
    /// <exception cref="ArgumentException">The delegate has other types, or the name is defined already.</exception>
    public DurableHost Define(string module, string name, Delegate call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Add(module, name, new NumericFunction(NameOf(module, name), call, Json).Steps());
    }

    /// <summary>Defines a function of the host whose request is made of the guest's memory, and whose answer is written there.</summary>
    /// <param name="module">The first part of the name under which modules import it.</param>
    /// <param name="name">The second part.</param>
    /// <param name="request">
    /// A delegate that takes the arguments, behind a <see cref="Caller"/> if it wants, as <see cref="Linker.Define(string, string, Delegate)"/> has them, and returns what is asked. It runs when the
    /// guest calls the function, and should do nothing but read.
    /// </param>
    /// <param name="call">Does what is asked, when that is committed. What it throws is recorded, and thrown to the guest as a <see cref="DurableFunctionException"/>.</param>
    /// <param name="complete">
    /// A delegate that takes the answer and the arguments, behind a <see cref="Caller"/> if it wants, and returns the results of the function. It runs when the guest goes on, and may write to its memory.
    /// </param>
    /// <typeparam name="TRequest">What is asked. It is kept as JSON.</typeparam>
    /// <typeparam name="TResult">What is answered. It is kept as JSON.</typeparam>
    /// <exception cref="ArgumentException">The delegates do not fit together, or the name is defined already.</exception>
    public DurableHost Define<TRequest, TResult>(string module, string name, Delegate request, Func<DurableCall, TRequest, Task<TResult>> call, Delegate complete)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(complete);
        if (!typeof(TRequest).IsAssignableFrom(request.Method.ReturnType))
            throw new ArgumentException($"It returns {request.Method.ReturnType}, but {typeof(TRequest)} is asked.", nameof(request));
        return Add(module, name, new CallFunction<TRequest, TResult>(NameOf(module, name), call, Json).Steps(request, complete));
    }

    /// <summary>Defines a function that waits for a time, also if that is years, and no process runs meanwhile. It has no result.</summary>
    /// <param name="module">The first part of the name under which modules import it.</param>
    /// <param name="name">The second part.</param>
    /// <param name="delay">A delegate that takes the arguments, behind a <see cref="Caller"/> if it wants, and returns a <see cref="TimeSpan"/>: how long from now.</param>
    /// <exception cref="ArgumentException">The delegate returns something else, or the name is defined already.</exception>
    public DurableHost DefineDelay(string module, string name, Delegate delay)
    {
        ArgumentNullException.ThrowIfNull(delay);
        return Add(module, name, new TimerFunction(NameOf(module, name), Options.Clock).Steps(delay));
    }

    /// <summary>Defines a function that waits for an event (<see cref="RaiseAsync"/>).</summary>
    /// <param name="module">The first part of the name under which modules import it.</param>
    /// <param name="name">The second part.</param>
    /// <param name="eventName">A delegate that takes the arguments, behind a <see cref="Caller"/> if it wants, and returns the name of the event, a <see cref="string"/>.</param>
    /// <param name="complete">A delegate that takes what the event has, and the arguments, behind a <see cref="Caller"/> if it wants, and returns the results of the function.</param>
    /// <typeparam name="T">What the event has. It is kept as JSON.</typeparam>
    /// <exception cref="ArgumentException">The delegates do not fit, or the name is defined already.</exception>
    public DurableHost DefineEvent<T>(string module, string name, Delegate eventName, Delegate complete)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ArgumentNullException.ThrowIfNull(complete);
        return Add(module, name, new EventFunction<T>(NameOf(module, name)).Steps(eventName, complete));
    }

    private static string NameOf(string module, string name)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(name);
        return $"{module}.{name}";
    }

    private void RequireNotStarted()
    {
        if (_lease is not null)
            throw new InvalidOperationException("Functions are defined before the host is started.");
    }

    private DurableHost Add(string module, string name, (Delegate Begin, Delegate Complete) steps)
    {
        RequireNotStarted();
        Linker.Define(module, name, steps.Begin, steps.Complete);
        return this;
    }
}
