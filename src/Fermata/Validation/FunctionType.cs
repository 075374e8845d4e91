using Fermata.Validation;

namespace Fermata;

/// <summary>The type of a function as a thing that is imported or exported.</summary>
public sealed record FunctionType : ExternType
{
    internal FunctionType(DefinedType definition) => Definition = definition;

    /// <inheritdoc/>
    public override ExternKind Kind => ExternKind.Func;

    /// <summary>The parameters and results.</summary>
    public FuncType Signature => Definition.Func!;

    internal DefinedType Definition { get; }

    /// <summary>The type in the text format.</summary>
    public override string ToString() => Signature.ToString();
}
