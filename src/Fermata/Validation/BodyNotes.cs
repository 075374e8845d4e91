using System.Collections;

namespace Fermata.Validation;

/// <summary>What validation notes of the body of a function.</summary>
/// <param name="Operands">How many operands are on its stack at most.</param>
/// <param name="ListedValues">How many values its calls, blocks and branches move in lists of several: a few bytes of code may move thousands.</param>
/// <param name="Statements">
/// For a long function, the places in its code, in bytes from its start, where a statement begins, that is, where the innermost block has no operands on the stack; null for others.
/// </param>
internal readonly record struct BodyNotes(int Operands, int ListedValues, BitArray? Statements);
