namespace Fermata.Text;

/// <summary>The annotations that the assembler knows (appendix "Custom Sections and Annotations"). All others mean nothing to it.</summary>
internal enum AnnotationKind : byte
{
    /// <summary><c>(@custom "name" …)</c>: a custom section.</summary>
    Custom,

    /// <summary><c>(@name "…")</c>: the name of what it stands in.</summary>
    Name,

    /// <summary><c>(@metadata.code.branch_hint "\00")</c>: whether the branch that follows is likely.</summary>
    BranchHint,
}
