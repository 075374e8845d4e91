namespace Fermata.Text;

/// <summary>A function type that a type use gives without naming a definition (section 6.4.15 "Type Uses", abbreviations).</summary>
/// <param name="Encoding">The type in the binary format.</param>
/// <param name="ParameterCount">The number of its parameters.</param>
/// <param name="TextOffset">Where the text uses it first.</param>
internal sealed record ImplicitType(byte[] Encoding, int ParameterCount, int TextOffset);
