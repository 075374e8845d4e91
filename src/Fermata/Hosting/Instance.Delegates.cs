namespace Fermata;

public abstract partial class Instance
{
    /// <summary>An exported function as a delegate, as <see cref="Function.As"/> makes it.</summary>
    /// <param name="name">The name of the export.</param>
    /// <typeparam name="TDelegate">A delegate type. If it returns a task, its calls are promising: they can be suspended.</typeparam>
    /// <exception cref="KeyNotFoundException">The instance exports no function with this name.</exception>
    /// <exception cref="InvalidOperationException">The function has other parameters or results than the delegate.</exception>
    public TDelegate GetFunction<TDelegate>(string name)
        where TDelegate : Delegate => GetFunction(name).As<TDelegate>();
}
