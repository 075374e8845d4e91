namespace Fermata.Text;

/// <summary>What later fields need to know of a type definition.</summary>
/// <param name="Encoding">The composite type in the binary format.</param>
/// <param name="ParameterCount">For a function type, the number of parameters; -1 for another.</param>
/// <param name="Fields">For a structure type, its fields.</param>
internal sealed record TypeDefinition(byte[] Encoding, int ParameterCount, IndexSpace? Fields);
