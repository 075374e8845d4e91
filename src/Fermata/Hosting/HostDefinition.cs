namespace Fermata.Hosting;

/// <summary>A host function that is not bound to a store yet: a delegate, or the two of an import in two steps.</summary>
internal sealed class HostDefinition
{
    /// <exception cref="ArgumentException">The delegate does not fit an import.</exception>
    public HostDefinition(Delegate target)
    {
        Target = target;
        Signature = DelegateSignature.OfImport(target.GetType());
    }

    /// <exception cref="ArgumentException">The delegates do not fit an import.</exception>
    public HostDefinition(Delegate begin, Delegate complete)
    {
        Target = begin;
        Completion = complete;
        Signature = DelegateSignature.OfImport(begin.GetType(), complete.GetType());
    }

    public Delegate Target { get; }

    /// <summary>The second step; null if there is none.</summary>
    public Delegate? Completion { get; }

    public DelegateSignature Signature { get; }
}
