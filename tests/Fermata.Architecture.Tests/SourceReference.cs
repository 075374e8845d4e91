namespace Fermata.Architecture.Tests;

/// <summary>A place that names something of another layer.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Name">What is named.</param>
/// <param name="Layer">The layer in which that is declared.</param>
internal sealed record SourceReference(string File, int Line, string Name, string Layer)
{
    public override string ToString() => $"{Path.GetRelativePath(SourceReferences.Root, File)}:{Line} names {Name} of {Layer}";
}
