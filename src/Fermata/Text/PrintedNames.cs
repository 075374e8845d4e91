using Fermata.Binary;

namespace Fermata.Text;

/// <summary>How a printed module calls its things.</summary>
internal sealed class PrintedNames
{
    private readonly NameSection _names;
    private readonly Identifiers[] _spaces = new Identifiers[(int)NameSubsection.Tag + 1];
    private readonly ILookup<int, (int Index, string Name)> _locals;
    private readonly Dictionary<int, Identifiers> _fields;
    private int _function;

    public PrintedNames(ModuleDefinition module)
    {
        var names = module.Names;
        _names = names;
        Section = FindSection(module);
        for (var kind = NameSubsection.Function; kind <= NameSubsection.Tag; kind++)
        {
            if (!NameSection.IsIndirect(kind))
                _spaces[(int)kind] = new Identifiers(names.All(kind).Select(name => (name.Key.Outer, name.Value)));
        }

        _locals = Grouped(NameSubsection.Local);
        _fields = Grouped(NameSubsection.Field).ToDictionary(type => type.Key, type => new Identifiers(type));
        Leave();
    }

    /// <summary>The name section, if names can tell all of it and its place; null otherwise or without one.</summary>
    public CustomSectionDefinition? Section { get; }

    /// <summary>The names of an index space of the module, or of the locals of the function at hand.</summary>
    public Identifiers this[NameSubsection space] => _spaces[(int)space];

    public Identifiers Locals(int function) => _locals.Contains(function) ? new Identifiers(_locals[function]) : Identifiers.None;

    /// <summary>Goes into a function.</summary>
    public void Enter(int function)
    {
        _function = function;
        _spaces[(int)NameSubsection.Local] = Locals(function);
    }

    /// <summary>Leaves the function: what comes is in none.</summary>
    public void Leave() => Enter(-1);

    public Identifiers Fields(int type) => _fields.GetValueOrDefault(type, Identifiers.None);

    /// <summary>The name of a label of the function at hand; null for none.</summary>
    /// <param name="ordinal">How many blocks of the function begin before its block.</param>
    public string? Label(int ordinal) => _names.Find(NameSubsection.Label, _function, ordinal);

    private static CustomSectionDefinition? FindSection(ModuleDefinition module) =>
        module.CustomSections.FindAll(section => section.Name == "name") is [var section]
        && module.SectionAfter(section.AfterSection) is null
        && NameSectionValidator.HasNamesOnly(module, section.Content)
            ? section
            : null;

    private ILookup<int, (int Index, string Name)> Grouped(NameSubsection kind) =>
        _names.All(kind).ToLookup(name => name.Key.Outer, name => (name.Key.Inner, name.Value));
}
