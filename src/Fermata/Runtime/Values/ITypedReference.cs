using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>What a reference of a defined type refers to: a function, a structure or an array.</summary>
internal interface ITypedReference
{
    /// <summary>The type with which it was made.</summary>
    DefinedType DefinedType { get; }
}
