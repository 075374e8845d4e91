using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>A module that is written, alone or with others, into one.</summary>
/// <param name="Definition">The module; valid unless its indices stay as they are.</param>
/// <param name="Indices">What its indices become.</param>
internal sealed record ModulePart(ModuleDefinition Definition, IndexMap Indices);

/// <summary>A module to be written: the definitions of its parts one after the other, and what it imports, exports and starts.</summary>
/// <param name="Parts">The parts. Their definitions of all but types and globals come in their order, after all imports.</param>
/// <param name="Types">The groups of types, in the order of their indices, each with the part that has it.</param>
/// <param name="Imports">The imports, each with the part that has its type.</param>
/// <param name="Globals">The globals that are no imports, in the order of their indices, each with its part.</param>
/// <param name="Exports">The exports, with indices of the output.</param>
/// <param name="Start">The start function, an index of the output; null for none.</param>
/// <param name="CustomSections">The custom sections whose content is written as it is, each with the part that has its bytes.</param>
/// <param name="WritesNames">Whether a name section is made of those of the parts.</param>
internal sealed record ModuleOutput(
    IReadOnlyList<ModulePart> Parts,
    IReadOnlyList<(ModulePart Part, RecType Group)> Types,
    IReadOnlyList<(ModulePart Part, Import Import)> Imports,
    IReadOnlyList<(ModulePart Part, GlobalDefinition Global)> Globals,
    IReadOnlyList<Export> Exports,
    int? Start,
    IReadOnlyList<(ModulePart Part, CustomSectionDefinition Section)> CustomSections,
    bool WritesNames)
{
    /// <summary>A single module as it is, with its name section untouched.</summary>
    public static ModuleOutput Of(ModuleDefinition module)
    {
        var part = new ModulePart(module, IndexMap.Identity);
        return new ModuleOutput(
            [part],
            module.RecTypes.ConvertAll(group => (part, group)),
            module.Imports.ConvertAll(import => (part, import)),
            [.. module.Globals.Where(global => !global.IsImported).Select(global => (part, global))],
            module.Exports,
            module.Start,
            module.CustomSections.ConvertAll(section => (part, section)),
            WritesNames: false);
    }
}
