namespace Fermata.Text;

/// <summary>An annotation of a text.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Token">The index of the token that comes after it.</param>
/// <param name="Start">The byte offset of its opening parenthesis.</param>
/// <param name="ContentStart">The byte offset of what follows its name.</param>
/// <param name="ContentEnd">The byte offset of its closing parenthesis.</param>
internal sealed record Annotation(AnnotationKind Kind, int Token, int Start, int ContentStart, int ContentEnd)
{
    /// <summary>Whether the text is such that the annotation has a meaning where it stands.</summary>
    public bool IsTaken { get; set; }
}
