namespace Fermata.Runtime;

/// <summary>An element segment at run time (section 4.2.12 "Element Instances").</summary>
internal sealed class ElementInstance(object?[] elements)
{
    internal object?[] Elements { get; private set; } = elements;

    /// <summary><c>elem.drop</c>: the segment is empty from now on.</summary>
    internal void Drop() => Elements = [];
}
