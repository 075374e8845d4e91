using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>The names that the custom section <c>name</c> gives to the things of a module, for messages.</summary>
/// <remarks>
/// Appendix "Custom Sections", with the subsections of the extended name section proposal. A subsection is read when first asked
/// for; what is malformed ends it without an error. Safe for use by several threads.
/// </remarks>
internal sealed class NameSection
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ByteRange?[] _ranges = new ByteRange?[(int)NameSubsection.Tag + 1];
    private readonly Dictionary<(int Outer, int Inner), string>?[] _names;

    /// <summary>Finds the names of a module, which may have none.</summary>
    public NameSection(ModuleDefinition module)
    {
        _bytes = module.Bytes;
        _names = new Dictionary<(int, int), string>?[_ranges.Length];
        if (module.CustomSections.Find(section => section.Name == "name") is { } section)
            FindSubsections(section.Content);
        if (_ranges[(int)NameSubsection.Module] is { } range)
            ModuleName = ReadModuleName(range);
    }

    /// <summary>The name of the module; null for none.</summary>
    public string? ModuleName { get; }

    /// <summary>The name of the thing with an index; null for none.</summary>
    /// <param name="kind">The kind of the thing: not one that is named within another.</param>
    /// <param name="index">Its index.</param>
    public string? Find(NameSubsection kind, int index) => Names(kind).GetValueOrDefault((index, 0));

    /// <summary>The name of a local or label of a function, or of a field of a type; null for none.</summary>
    /// <param name="kind">The kind of the thing.</param>
    /// <param name="outer">The index of the function or type.</param>
    /// <param name="inner">The index in it.</param>
    public string? Find(NameSubsection kind, int outer, int inner) => Names(kind).GetValueOrDefault((outer, inner));

    /// <summary>The name of a function; null for none.</summary>
    public string? Function(int index) => Find(NameSubsection.Function, index);

    /// <summary>All names of a kind with their indices; the second one is zero for a kind that is not named within another.</summary>
    public IReadOnlyDictionary<(int Outer, int Inner), string> All(NameSubsection kind) => Names(kind);

    /// <summary>Whether things of the kind are named within a function or a type.</summary>
    public static bool IsIndirect(NameSubsection kind) => kind is NameSubsection.Local or NameSubsection.Label or NameSubsection.Field;

    /// <summary>An index as messages tell it: with the name of the thing in quotes, if it has one.</summary>
    public string Describe(NameSubsection kind, int index) => Describe(index, Find(kind, index));

    /// <inheritdoc cref="Describe(NameSubsection, int)"/>
    public string Describe(NameSubsection kind, int outer, int inner) => Describe(inner, Find(kind, outer, inner));

    private static string Describe(int index, string? name) => name is null ? $"{index}" : $"{index} {HostileText.Quoted(name)}";

    private void FindSubsections(ByteRange content)
    {
        try
        {
            var reader = new ByteReader(_bytes.Span, content.Offset, content.End);
            while (!reader.IsAtEnd)
            {
                var kind = reader.ReadByte();
                var length = reader.ReadLength();
                var range = new ByteRange(reader.Position, length);
                reader.ReadBytes(length);
                if (kind < _ranges.Length)
                    _ranges[kind] ??= range;
            }
        }
        catch (MalformedModuleException)
        {
            // The section is no part of the module's meaning: what was found before the error stays.
        }
    }

    private string? ReadModuleName(ByteRange range)
    {
        try
        {
            return new ByteReader(_bytes.Span, range.Offset, range.End).ReadName();
        }
        catch (MalformedModuleException)
        {
            return null;
        }
    }

    /// <summary>Two threads that read the same subsection at once make equal tables, and either may stay.</summary>
    private Dictionary<(int Outer, int Inner), string> Names(NameSubsection kind) => _names[(int)kind] ??= ReadNames(kind);

    private Dictionary<(int Outer, int Inner), string> ReadNames(NameSubsection kind)
    {
        var names = new Dictionary<(int, int), string>();
        if (_ranges[(int)kind] is not { } range)
            return names;
        try
        {
            var reader = new ByteReader(_bytes.Span, range.Offset, range.End);
            if (!IsIndirect(kind))
            {
                ReadMap(ref reader, names, null);
                return names;
            }

            for (var count = reader.ReadU32(); count > 0; count--)
                ReadMap(ref reader, names, reader.ReadIndex());
        }
        catch (MalformedModuleException)
        {
            // As in FindSubsections.
        }

        return names;
    }

    private static void ReadMap(ref ByteReader reader, Dictionary<(int, int), string> names, int? outer)
    {
        for (var count = reader.ReadU32(); count > 0; count--)
        {
            var index = reader.ReadIndex();
            names[outer is { } number ? (number, index) : (index, 0)] = reader.ReadName();
        }
    }
}
