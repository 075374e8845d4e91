using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Annotations that mean something (appendix "Custom Sections and Annotations").</summary>
/// <remarks>
/// The specification lets a reader ignore what is wrong with an annotation. This one does not, as the author would otherwise find
/// the section missing and no reason given.
/// </remarks>
internal sealed partial class TextParser
{
    private readonly BranchHintWriter _hints = new();

    private void TakeCustomSections()
    {
        foreach (var annotation in _cursor.TakeAnnotations(AnnotationKind.Custom) ?? [])
        {
            var section = CustomAnnotation.Read(_cursor, annotation);
            var content = new ByteWriter();
            content.Mark(section.TextOffset);
            content.Write(section.Content);
            _module.CustomSections.Add(section.Place, section.Name, content);
        }
    }

    /// <summary>Takes the hint for the instruction that comes next; null for none.</summary>
    private BranchHint? TryTakeBranchHint()
    {
        if (!ReferenceEquals(_code, _body) || _cursor.TakeAnnotations(AnnotationKind.BranchHint) is not { } annotations)
            return null;
        if (annotations.Count > 1)
            throw _cursor.Source.Malformed("@metadata.code.branch_hint annotation: duplicate annotation", annotations[1].Start);

        var content = _cursor.Inside(annotations[0]);
        var value = content.TakeStrings();
        if (content.Kind != TokenKind.End)
            throw content.Malformed("@metadata.code.branch_hint annotation: unexpected token");
        return value is [0 or 1]
            ? new BranchHint(value[0], annotations[0].Start)
            : throw _cursor.Source.Malformed("@metadata.code.branch_hint annotation: invalid hint value", annotations[0].Start);
    }

    /// <summary>The instruction that is written next has this hint.</summary>
    private void WriteBranchHint(BranchHint? hint)
    {
        if (hint is { } given)
            _hints.Add(_code.Length, given);
    }

    /// <summary>Every annotation between two tokens must have been where it means something.</summary>
    private void RequireAllTaken(int firstToken, int lastToken)
    {
        if (_cursor.FindLeftAnnotation(firstToken, lastToken) is not { } annotation)
            return;
        throw _cursor.Source.Malformed(
            annotation.Kind switch
            {
                AnnotationKind.Custom => "misplaced @custom annotation",
                AnnotationKind.Name => "misplaced @name annotation",
                _ when IsInFunction(annotation) => "@metadata.code.branch_hint annotation: invalid placement",
                _ => "@metadata.code.branch_hint annotation: not in a function",
            },
            annotation.Start);
    }

    private bool IsInFunction(Annotation annotation) =>
        _fields.FindLast(field => field.Open < annotation.Token) is { Keyword: "func" } field && annotation.Token <= _cursor.MatchOf(field.Open);
}
