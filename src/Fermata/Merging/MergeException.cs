namespace Fermata.Merging;

/// <summary>Modules do not fit together. The message says which and why.</summary>
internal sealed class MergeException : Exception
{
    public MergeException(string message)
        : base(message)
    {
    }

    public MergeException(MergeInput input, string problem)
        : base($"{input.File}: {problem}")
    {
    }
}
