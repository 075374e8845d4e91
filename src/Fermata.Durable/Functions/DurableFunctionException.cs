namespace Fermata.Durable;

/// <summary>A function of the host has failed that a durable call waited for. The guest's code may catch it; what has failed was recorded, and is the same in any process.</summary>
public sealed class DurableFunctionException : Exception
{
    /// <summary>An exception that says what has failed.</summary>
    /// <param name="function">The import: module and name with a dot between them.</param>
    /// <param name="failure">The message of what it failed with.</param>
    public DurableFunctionException(string function, string failure)
        : base($"{function} failed: {failure}") => Function = function;

    /// <summary>The import: module and name with a dot between them.</summary>
    public string Function { get; }
}
