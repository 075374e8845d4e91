namespace Fermata.Compilation;

/// <summary>How large a function may become, without a look at what it does: enough to tell that it is far from all limits.</summary>
/// <param name="CodeLength">The bytes of its code.</param>
/// <param name="Values">How many parameters, locals and operands it may have at once, at most.</param>
/// <param name="Sites">At how many places it may be suspended, at most.</param>
/// <param name="Joins">How many blocks and branch targets it has.</param>
/// <param name="ListedValues">How many values its calls, blocks and branches move in lists of several.</param>
/// <param name="Memories">How many memories it may use.</param>
internal readonly record struct FunctionSize(int CodeLength, int Values, int Sites, int Joins, int ListedValues, int Memories);
