using System.Text;
using System.Text.Unicode;

namespace Fermata.Text;

/// <summary>Takes <c>(@name "…")</c>, which names what it stands in instead of the identifier (appendix "Name Annotations").</summary>
internal static class NameAnnotation
{
    /// <summary>Takes the annotation if it comes next and gives the name.</summary>
    /// <param name="cursor">Where the annotation may stand.</param>
    /// <param name="kind">What gets the name, as error messages call it.</param>
    /// <exception cref="MalformedModuleException">There are two, or what is in it is not a name.</exception>
    public static string? TryTake(TokenCursor cursor, string kind)
    {
        if (cursor.TakeAnnotations(AnnotationKind.Name) is not { } annotations)
            return null;
        if (annotations.Count > 1)
            throw cursor.Source.Malformed($"@name annotation: multiple {kind} names", annotations[1].Start);

        var content = cursor.Inside(annotations[0]);
        if (content.Kind != TokenKind.String)
            throw cursor.Source.Malformed("@name annotation: string expected", annotations[0].Start);
        var offset = content.Offset;
        var name = content.TakeString();
        if (!Utf8.IsValid(name))
            throw cursor.Source.Malformed("@name annotation: malformed UTF-8 encoding", offset);
        return content.Kind == TokenKind.End
            ? Encoding.UTF8.GetString(name)
            : throw content.Malformed("@name annotation: unexpected token");
    }
}
