using System.Text;
using System.Text.Unicode;
using Fermata.Binary;

namespace Fermata.Text;

/// <summary>A custom section as <c>(@custom "name" (before code) "bytes" …)</c> gives it (appendix "Custom Annotations").</summary>
/// <param name="Place">Where the section goes, as <see cref="CustomPlace"/> says it.</param>
/// <param name="Name">The section's name.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="TextOffset">Where the annotation stands in the text.</param>
internal sealed record CustomAnnotation(int Place, string Name, byte[] Content, int TextOffset)
{
    /// <summary>Reads the content of an annotation.</summary>
    /// <exception cref="MalformedModuleException">It is not as the specification has it.</exception>
    public static CustomAnnotation Read(TokenCursor text, Annotation annotation)
    {
        var content = text.Inside(annotation);
        if (content.Kind != TokenKind.String)
            throw text.Source.Malformed("@custom annotation: missing section name", annotation.Start);
        var offset = content.Offset;
        var name = content.TakeString();
        if (!Utf8.IsValid(name))
            throw text.Source.Malformed("@custom annotation: malformed UTF-8 encoding", offset);
        var place = content.Kind == TokenKind.LeftParen ? TakePlace(content) : CustomPlace.Last;
        var bytes = content.TakeStrings();
        RequireKind(content, TokenKind.End);
        return new CustomAnnotation(place, Encoding.UTF8.GetString(name), bytes, annotation.Start);
    }

    private static int TakePlace(TokenCursor content)
    {
        var start = content.Offset;
        content.TakeOpen();
        var isBefore = content.TryTake("before"u8);
        if (!isBefore && !content.TryTake("after"u8))
            throw content.Source.Malformed("@custom annotation: malformed placement", start);
        var section = content.Kind == TokenKind.Keyword ? Encoding.UTF8.GetString(content.Text) : "";
        var place = (isBefore ? CustomPlace.Before(section) : CustomPlace.After(section))
            ?? throw content.Source.Malformed("@custom annotation: malformed section kind", start);
        content.Position++;
        RequireKind(content, TokenKind.RightParen);
        content.TakeClose();
        return place;
    }

    private static void RequireKind(TokenCursor content, TokenKind kind)
    {
        if (content.Kind != kind)
            throw content.Malformed("@custom annotation: unexpected token");
    }
}
