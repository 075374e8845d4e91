using Fermata.Validation;

namespace Fermata;

/// <summary>The type of a tag: the values that its exceptions carry.</summary>
public sealed record TagType : ExternType
{
    internal TagType(DefinedType definition) => Definition = definition;

    /// <inheritdoc/>
    public override ExternKind Kind => ExternKind.Tag;

    /// <summary>The values, as parameters.</summary>
    public FuncType Signature => Definition.Func!;

    internal DefinedType Definition { get; }

    /// <summary>The type in the text format.</summary>
    public override string ToString() => $"(tag {Signature})";
}
