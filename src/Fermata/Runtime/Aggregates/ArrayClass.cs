using System.Reflection;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>The class of an array type: a .NET array of a generated value type with one field, so that each array type has a class of its own.</summary>
/// <remarks>
/// An array of a subtype is accessed like one of the type: the elements have the same layout. All accesses name the element type of the
/// topmost supertype, as the JIT may assume that arrays of different element types are different arrays.
/// </remarks>
/// <param name="registry">The registry of the type's engine.</param>
/// <param name="definition">The type.</param>
/// <param name="elementType">The value type; arrays are made of it.</param>
/// <param name="value">The field of the value type by which elements are accessed.</param>
/// <param name="elementSize">The bytes that an element takes.</param>
internal sealed class ArrayClass(TypeRegistry registry, DefinedType definition, Type elementType, FieldInfo value, int elementSize)
    : AggregateClass(registry, definition, elementType.MakeArrayType())
{
    public Type ElementType { get; } = elementType;

    public Type AccessedElementType { get; } = value.DeclaringType!;

    public FieldInfo Value { get; } = value;

    public int ElementSize { get; } = elementSize;

    /// <summary>Arrays up to this length are made without a look at what memory there is.</summary>
    public int SmallLength { get; } = ArrayOperations.SmallBytes / elementSize;

    public FieldType Element => ((ArrayType)Definition.Composite).Element;
}
