namespace Fermata.Validation;

/// <summary>How much of a thing one module may have, where the specification leaves it to the implementation.</summary>
/// <remarks>
/// Appendix "Implementation Limitations"; the values are those that the JavaScript interface of WebAssembly gives, so that
/// modules that run in browsers run here, where it gives one. They keep the cost of a module in proportion to its length.
/// </remarks>
internal static class ImplementationLimits
{
    /// <summary>The length of a module in bytes.</summary>
    public const int ModuleBytes = 1 << 30;

    public const int Types = 1_000_000;

    /// <summary>The structure and array types among them. A number of our own: each that code uses becomes a .NET type of some 10 KB.</summary>
    public const int AggregateTypes = 100_000;

    public const int SubtypingDepth = 63;

    /// <summary>The functions of a module, the imported ones among them.</summary>
    public const int Functions = 1_000_000;

    public const int Parameters = 1000;

    public const int Results = 1000;

    public const int StructFields = 10_000;

    public const int ArrayNewFixedOperands = 10_000;

    /// <summary>The bytes of an array at run time; more is a trap.</summary>
    public const uint ArrayBytes = 1U << 30;

    /// <summary>Parameters and locals of a function together.</summary>
    public const int Locals = 50_000;

    /// <summary>The length of a function body in bytes.</summary>
    public const int FunctionBody = 7_654_321;

    /// <summary>The operands on the stack of a function at once. A number of our own: one byte may push 1,000 operands.</summary>
    public const int Operands = 1 << 20;

    /// <summary>The pages of 64 KiB of a memory with 32-bit addresses (section 3.2.15 "Memory Types").</summary>
    public const ulong Memory32Pages = 1UL << 16;

    /// <summary>The pages of a memory with 64-bit addresses.</summary>
    public const ulong Memory64Pages = 1UL << 48;
}
