namespace Fermata.Platform;

/// <summary>What an operation of a file system gives: a value, or the error that kept it from being made. Both convert to it, so that <c>return</c> takes either.</summary>
/// <remarks>
/// That a file is missing is no exception but what programs ask for hundreds of times when they start. What is thrown instead tells a fault of the file system: programs
/// get <see cref="Errno.EIO"/>, or what comes nearest to the exceptions of .NET that say more, such as <see cref="Errno.EACCES"/> for <see cref="UnauthorizedAccessException"/>.
/// </remarks>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct Result<T>
{
    private readonly T _value;

    private Result(T value, Errno error) => (_value, Error) = (value, error);

    /// <summary>Why it failed; <see cref="Errno.None"/> if it did not.</summary>
    public Errno Error { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The operation failed.</exception>
    public T Value => Error == Errno.None ? _value : throw new InvalidOperationException($"The operation failed with {Error}, so that there is no value. Look at Error first.");

    /// <summary>Whether there is a value.</summary>
    /// <param name="value">The value; the default of its type if there is none.</param>
    public bool TryGet(out T value)
    {
        value = _value;
        return Error == Errno.None;
    }

    /// <summary>Whether there is a value, and why not.</summary>
    /// <param name="value">The value; the default of its type if there is none.</param>
    /// <param name="error">Why it failed; <see cref="Errno.None"/> if it did not.</param>
    public bool TryGet(out T value, out Errno error)
    {
        error = Error;
        return TryGet(out value);
    }

    /// <summary>The result of an operation that succeeded.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator Result<T>(T value) => new(value, Errno.None);

    /// <summary>The result of an operation that failed.</summary>
    /// <param name="error">The reason.</param>
    /// <exception cref="ArgumentException">It is <see cref="Errno.None"/>.</exception>
    public static implicit operator Result<T>(Errno error) =>
        error == Errno.None ? throw new ArgumentException("Errno.None is no reason to fail; return a value.", nameof(error)) : new(default!, error);

    /// <summary>The value, or the error.</summary>
    public override string ToString() => Error == Errno.None ? $"{_value}" : $"{Error}";
}
