using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Linking;

/// <summary>A side module, as <c>-sSIDE_MODULE</c> makes it: a shared library, compiled.</summary>
/// <param name="Module">The module, with its glue.</param>
/// <param name="Section">What it tells the linker.</param>
internal sealed record SideModule(Module Module, DynamicSection Section)
{
    /// <summary>Compiles a side module.</summary>
    /// <param name="main">The program that it is for.</param>
    /// <param name="bytes">The side module, in the binary format.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="ModuleException">The bytes are no valid module.</exception>
    /// <exception cref="NotSupportedException">It is no side module.</exception>
    /// <exception cref="FormatException">What it tells the linker is not well-formed.</exception>
    public static SideModule Load(Module main, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // The glue is merged with the module, which is another one then and has the section no more.
        var section = ModuleInfo.Read(bytes).CustomSections.FirstOrDefault(section => section.Name == DynamicSection.Name)
            ?? throw new NotSupportedException($"it is no side module: it has no section {DynamicSection.Name}");
        var ofMain = main.Exports.Select(export => export.Name).ToHashSet();
        var withGlue = ProgramGlue.AddGlue(bytes, EmscriptenNames.None, supplement: null, GlueRole.Side, ofMain.Contains);
        return new SideModule(Module.Load(main.Engine, withGlue, cancellationToken), DynamicSection.Read(section.Content.Span));
    }
}
