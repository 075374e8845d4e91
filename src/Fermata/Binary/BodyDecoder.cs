using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Reads the instructions of all functions once, so that what is malformed is found here, and later readers cannot fail.</summary>
/// <remarks>For modules whose bytes were loaded before, that was done.</remarks>
internal static class BodyDecoder
{
    /// <summary>Reads the functions of a module.</summary>
    /// <param name="module">The module, with the functions that it has.</param>
    /// <param name="budget">What it may cost.</param>
    /// <exception cref="MalformedModuleException">A body is malformed.</exception>
    public static void Decode(ModuleDefinition module, LoadBudget budget) =>
        FunctionPass.Run(module.ImportedFunctionCount, module.Functions.Count, module.CodeLength, budget, threadBudget =>
        {
            var expressions = new ExpressionReader(threadBudget);
            return function => Decode(module, module.Functions[function], expressions);
        });

    /// <summary>Reads on past the end of a body that is longer than its size, as the reference interpreter does, which finds the difference afterwards.</summary>
    private static void Decode(ModuleDefinition module, FunctionDefinition function, ExpressionReader expressions)
    {
        var code = function.Body!.Code;
        if (expressions.Read(module.Bytes.Span, code.Offset) != code)
            throw new MalformedModuleException("section size mismatch", function.Offset);
        if (module.DataCount is null && expressions.DataIndexOffset >= 0)
            throw new MalformedModuleException("data count section required", expressions.DataIndexOffset);
    }
}
