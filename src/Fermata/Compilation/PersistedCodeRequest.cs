using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>What is to be compiled into an assembly.</summary>
/// <param name="AssemblyName">The name of the assembly.</param>
/// <param name="ClassName">The full name of the class that derives from <see cref="CompiledModule"/>.</param>
/// <param name="Functions">The functions, by ascending index; none that is imported.</param>
/// <param name="HasGuards">Whether memories with 32-bit addresses have guard pages.</param>
/// <param name="LargestStop">That of the module as it was loaded, which had its limits looked at.</param>
internal sealed record PersistedCodeRequest(
    string AssemblyName, string ClassName, IReadOnlyList<int> Functions, bool HasGuards, (int Numbers, int References) LargestStop)
{
    /// <summary>Where the C stack of the module is; null if none was found.</summary>
    public required StackLocation? Stack { get; init; }

    /// <summary>Whether the code is there with which a function goes on after a suspension, too. It is about as large as the rest.</summary>
    public bool HasResumeForms { get; init; }

    /// <summary>Code that depends on a function type alone, by type indices; the same number of methods for each.</summary>
    public IReadOnlyList<(int Type, MethodTemplate[] Methods)> Thunks { get; init; } = [];

    /// <summary>Whether the module itself is there, too.</summary>
    public bool HasModule { get; init; }

    /// <summary>Is told which share of the functions is compiled.</summary>
    public IProgress<double>? Progress { get; init; }
}
