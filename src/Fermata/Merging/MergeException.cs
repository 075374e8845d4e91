using Fermata.Merging;

namespace Fermata;

/// <summary>Modules do not fit together. The message says which and why.</summary>
public sealed class MergeException : Exception
{
    internal MergeException(string message)
        : base(message)
    {
    }

    internal MergeException(MergeInput input, string problem)
        : base($"{input.File}: {problem}")
    {
    }
}
