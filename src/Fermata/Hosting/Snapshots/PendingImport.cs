using Fermata.Runtime;

namespace Fermata;

/// <summary>A call of a suspending import that a call of a restored store waits for.</summary>
public sealed class PendingImport
{
    private readonly RestoredWait _wait;

    internal PendingImport(RestoredCall call, RestoredWait wait, CallKey key)
    {
        Call = call;
        CallKey = key;
        _wait = wait;
    }

    /// <summary>The call that waits.</summary>
    public RestoredCall Call { get; }

    /// <summary>What names this call of the import, also when it is made again.</summary>
    public CallKey CallKey { get; }

    /// <summary>The import: module and name with a dot between them.</summary>
    public string Name => _wait.Name;

    /// <summary>The arguments.</summary>
    public IReadOnlyList<Value> Arguments => SlotTransfer.Read(_wait.Arguments.Numbers, _wait.Arguments.References, _wait.Import.Type.ParameterArray);

    internal RestoredStore Owner { get; set; } = null!;

    /// <summary>Gives the call of the import results: it is not made again.</summary>
    /// <param name="results">A value for each result of the import.</param>
    /// <exception cref="ArgumentException">There are too few or too many, or one has another type.</exception>
    /// <exception cref="InvalidOperationException">The calls of the store go on already, or this one was answered.</exception>
    public void Complete(params ReadOnlySpan<Value> results)
    {
        var types = _wait.Import.Type.ResultArray;
        if (results.Length != types.Length)
            throw new ArgumentException($"{Name} has {types.Length} results, found {results.Length}.", nameof(results));
        for (var i = 0; i < types.Length; i++)
        {
            if (!ReferenceTyping.Matches(results[i], types[i], _wait.Import.Store))
                throw new ArgumentException($"Result {i} of {Name} must be {types[i]}, found {ReferenceConversion.Describe(results[i], _wait.Import.Store)}.", nameof(results));
        }

        RequireOpen();
        _wait.Answer(results.ToArray(), failure: null);
    }

    /// <summary>Has the call of the import fail: WebAssembly code may catch that, as if the host function had thrown it.</summary>
    /// <param name="failure">The exception.</param>
    /// <exception cref="InvalidOperationException">The calls of the store go on already, or this one was answered.</exception>
    public void Fail(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        RequireOpen();
        _wait.Answer(results: null, failure);
    }

    private void RequireOpen()
    {
        Owner.RequirePaused();
        if (_wait.IsAnswered)
            throw new InvalidOperationException($"The call of {Name} was answered already.");
    }
}
