namespace Fermata.Durable;

/// <summary>A durable call, as the database has it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Store">The store in which it runs.</param>
/// <param name="Export">The function that was called.</param>
/// <param name="Arguments">What it was called with; nothing for a program, of which arguments are texts.</param>
/// <param name="State">How far it is.</param>
/// <param name="Results">Its results, if it has completed.</param>
/// <param name="Error">What it failed with, or why it was ended, or why its store cannot be gone on with; null otherwise.</param>
/// <param name="Created">When it was started.</param>
/// <param name="Changed">When it was started, or has ended.</param>
/// <param name="Process">The process that has its store in memory, as <c>machine:process id</c>; null if none has, or none that lives.</param>
public sealed record DurableCallInfo(
    string Key,
    string Store,
    string Export,
    IReadOnlyList<Value> Arguments,
    DurableCallState State,
    IReadOnlyList<Value>? Results,
    string? Error,
    DateTimeOffset Created,
    DateTimeOffset Changed,
    string? Process);
