using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Identifiers become names for debuggers and stack traces (appendix "Name Section").</summary>
internal sealed partial class TextParser
{
    private readonly List<(int Index, IReadOnlyList<(int Index, string Name)> Names)> _localNames = [];
    private readonly List<(int Index, IReadOnlyList<(int Index, string Name)> Names)> _labelNames = [];

    private void AddLocalNames(int function, IndexSpace locals)
    {
        if (locals.Names.Count > 0)
            _localNames.Add((function, locals.Names));
    }

    private void AddLabelNames(int function)
    {
        if (_functionLabels.Count > 0)
            _labelNames.Add((function, _functionLabels.ToArray()));
    }

    /// <summary>Subsections stand in the order of their numbers; those above 2 are the extended ones.</summary>
    /// <remarks>
    /// Where the text gives a name section in bytes, that is the one: a module has one at most, and bytes may say what identifiers cannot.
    /// </remarks>
    private void CollectNames(string? module)
    {
        if (_module.CustomSections.Has("name"))
            return;
        if (module is not null)
            _names.AddModule(module);
        _names.Add(NameSubsection.Function, _functions.Names);
        _names.Add(NameSubsection.Local, _localNames);
        _names.Add(NameSubsection.Label, _labelNames);
        _names.Add(NameSubsection.Type, _types.Names);
        _names.Add(NameSubsection.Table, _tables.Names);
        _names.Add(NameSubsection.Memory, _memories.Names);
        _names.Add(NameSubsection.Global, _globals.Names);
        _names.Add(NameSubsection.Element, _elements.Names);
        _names.Add(NameSubsection.Data, _data.Names);
        _names.Add(NameSubsection.Field, FieldNames());
        _names.Add(NameSubsection.Tag, _tags.Names);
        _names.AddTo(_module.CustomSections);
    }

    private List<(int Index, IReadOnlyList<(int Index, string Name)> Names)> FieldNames()
    {
        var names = new List<(int Index, IReadOnlyList<(int Index, string Name)> Names)>();
        for (var i = 0; i < _definitions.Count; i++)
        {
            if (_definitions[i].Fields is { Names.Count: > 0 } fields)
                names.Add((i, fields.Names));
        }

        return names;
    }
}
