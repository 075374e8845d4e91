using Fermata.Binary;
using Fermata.Validation;

namespace Fermata.Merging;

/// <summary>A valid module that is to be merged with others.</summary>
/// <param name="Name">The module name under which it is imported from. Several may have one name, and their exports are imported as one.</param>
/// <param name="File">Where it comes from, for messages.</param>
/// <param name="Definition">The module.</param>
/// <param name="Types">Its types; those of all inputs are in one registry.</param>
internal sealed record MergeInput(string Name, string File, ModuleDefinition Definition, ModuleTypes Types)
{
    /// <summary>Whether the merged module has its exports too.</summary>
    public bool KeepsExports { get; init; } = true;

    /// <exception cref="MalformedModuleException">The bytes are not a module.</exception>
    /// <exception cref="InvalidModuleException">The module breaks a rule of validation.</exception>
    public static MergeInput Read(string name, string file, ReadOnlyMemory<byte> bytes, TypeRegistry registry)
    {
        var definition = ModuleDecoder.Decode(bytes);
        return new MergeInput(name, file, definition, ModuleValidator.Validate(definition, registry));
    }
}
