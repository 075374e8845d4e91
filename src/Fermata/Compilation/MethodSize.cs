namespace Fermata.Compilation;

/// <summary>Reckons whether .NET may find a method too large for its optimizer.</summary>
/// <remarks>It does so from 60,000 bytes of IL on, or 20,000 instructions, 2,000 basic blocks, 2,000 locals or 8,000 uses of them (src/coreclr/jit/compiler.h, DEFAULT_MIN_OPTS_*).</remarks>
internal static class MethodSize
{
    /// <summary>An instruction, a value that is saved or moved, and a label become at most five basic blocks and some twenty instructions.</summary>
    private const int Small = 400;

    /// <param name="module">The compiler of the module, which has read the instructions.</param>
    /// <param name="function">The index of the function.</param>
    /// <param name="saved">The locals that are saved at each site.</param>
    public static bool MayBeLarge(ModuleCompiler module, int function, IEnumerable<BitSet> saved)
    {
        long size = module.Code.Count + module.Types.Bodies.Of(function).ListedValues;
        if (size <= Small)
            size += saved.Sum(locals => (long)locals.Count);
        for (var i = 0; size <= Small && i < module.Code.Count; i++)
            size += module.Code[i].Labels?.Length ?? 0;
        return size > Small;
    }
}
