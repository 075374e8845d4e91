using System.Reflection;
using System.Runtime.CompilerServices;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>The class of a structure type.</summary>
/// <param name="registry">The registry of the type's engine.</param>
/// <param name="definition">The type.</param>
/// <param name="type">The .NET class.</param>
/// <param name="fields">For each field its place; those of the supertype are declared in its class.</param>
/// <param name="bytes">What an object takes.</param>
internal sealed class StructClass(TypeRegistry registry, DefinedType definition, Type type, FieldInfo[] fields, int bytes)
    : AggregateClass(registry, definition, type)
{
    public FieldInfo[] Fields { get; } = fields;

    public ConstructorInfo Constructor { get; } = type.GetConstructor(Type.EmptyTypes)!;

    /// <summary>What an object takes.</summary>
    public int Bytes { get; } = bytes;

    public FieldType[] FieldTypes => ((StructType)Definition.Composite).Fields;

    /// <summary>A structure whose fields are zero or null. For the few that generated code does not make.</summary>
    public object Create() => RuntimeHelpers.GetUninitializedObject(Type);
}
