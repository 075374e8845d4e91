using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>A library that is read, but not compiled.</summary>
/// <param name="Name">Its path, or the name that the host gave it.</param>
/// <param name="Section">What it wants.</param>
/// <param name="Info">The module.</param>
internal sealed record LibraryModule(string Name, DylinkSection Section, ModuleInfo Info)
{
    /// <exception cref="ModuleException">It is no valid module.</exception>
    /// <exception cref="DynamicLinkException">It is no library.</exception>
    public static LibraryModule Read(Engine engine, string name, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > engine.Options.MaxModuleBytes)
            throw new DynamicLinkException($"{name} has more than {engine.Options.MaxModuleBytes} bytes (EngineOptions.MaxModuleBytes)");
        var info = ModuleInfo.Read(bytes);
        var section = DylinkSection.Find(info)
            ?? throw new DynamicLinkException($"{name} is no library: it has no section {DylinkSection.Name}, which a module has that is compiled with -sSIDE_MODULE");
        return new LibraryModule(name, section, info);
    }

    /// <summary>Compiles it, with its glue.</summary>
    /// <param name="engine">Compiles it.</param>
    /// <param name="compiled">What was compiled for the program before.</param>
    /// <param name="isDefined">Whether another module defines a function.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Module Compile(Engine engine, CompiledLibraries compiled, Predicate<string> isDefined, CancellationToken cancellationToken) =>
        compiled.Load(engine, ProgramGlue.AddGlue(Info, EmscriptenNames.None, role: GlueRole.Side, isDefined: isDefined), cancellationToken);
}
