using Fermata.Binary;

namespace Fermata.Text;

/// <summary>The elements of a segment: function indices or constant expressions, encoded.</summary>
/// <param name="Type">The type of expressions; null for function indices.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Items">Their encodings, one after the other.</param>
internal sealed record ElementList(ValType? Type, int Count, ByteWriter Items);
