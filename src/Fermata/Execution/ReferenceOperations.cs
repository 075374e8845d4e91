namespace Fermata.Execution;

/// <summary>What generated code calls to test references.</summary>
internal static class ReferenceOperations
{
    /// <summary>Whether a function reference is of a defined type or of one below it (section 3.3.4).</summary>
    public static bool IsFunctionOf(object? reference, int typeId, bool nullable)
    {
        if (reference is not Function function)
            return nullable;
        for (var type = function.DefinedType; type is not null; type = type.Supertype)
        {
            if (type.Id == typeId)
                return true;
        }

        return false;
    }
}
