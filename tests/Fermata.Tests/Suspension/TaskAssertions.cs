namespace Fermata.Tests.Suspension;

/// <summary>Waiting that ends, even if the engine never completes a task.</summary>
internal static class TaskAssertions
{
    public static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(5);

    /// <summary>The result of a task that is to be completed by other threads.</summary>
    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(LongEnough);

    /// <inheritdoc cref="InTime{T}"/>
    public static Task InTime(this Task task) => task.WaitAsync(LongEnough);

    /// <summary>The result of a task that is complete already.</summary>
    public static T Completed<T>(this Task<T> task)
    {
        Assert.True(task.IsCompleted, "The call should have ended.");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>What a task failed with that is complete already.</summary>
    public static TException Failed<TException>(this Task task)
        where TException : Exception
    {
        Assert.True(task.IsCompleted, "The call should have ended.");
        return Assert.Throws<TException>(() => task.GetAwaiter().GetResult());
    }
}
