namespace Fermata.Tests.Execution;

/// <summary>Tests of what lives in a store: each has one.</summary>
public abstract class StoreTest : IDisposable
{
    private static readonly Engine Engine = new();

    protected Store Store { get; } = NewStore();

    public void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static Store NewStore() => new(Engine);

    protected static void AssertThrows<T>(string messageStart, Action action)
        where T : Exception => Assert.StartsWith(messageStart, Assert.Throws<T>(action).Message, StringComparison.Ordinal);

    protected static void AssertThrows<T>(string messageStart, Func<object?> function)
        where T : Exception => Assert.StartsWith(messageStart, Assert.Throws<T>(function).Message, StringComparison.Ordinal);
}
