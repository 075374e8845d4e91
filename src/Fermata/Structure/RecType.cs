namespace Fermata.Structure;

/// <summary>A type definition: a composite type with its declared supertypes (section 2.3.10 "Recursive Types").</summary>
internal sealed record SubType(bool IsFinal, int[] Supertypes, CompositeType Composite);

/// <summary>A group of type definitions that may refer to one another (section 2.3.10 "Recursive Types").</summary>
/// <param name="FirstIndex">The type index of the first member.</param>
/// <param name="Members">The definitions; references among them are type indices of the module.</param>
/// <param name="Offset">The byte offset of the group in the module.</param>
internal sealed record RecType(int FirstIndex, SubType[] Members, int Offset);
