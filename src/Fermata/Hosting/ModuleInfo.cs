using Fermata.Binary;
using Fermata.Compilation;
using Fermata.Hosting;
using Fermata.Runtime;
using Fermata.Text;
using Fermata.Validation;

namespace Fermata;

/// <summary>What is in a module, for tools: it is read and validated, but not compiled, and belongs to no engine.</summary>
public sealed class ModuleInfo
{
    private readonly SourceMap? _map;
    private readonly ModuleTypes _types;

    private ModuleInfo(ModuleDefinition definition, SourceMap? map, bool validatesFunctions = true)
    {
        Definition = definition;
        _map = map;
        var registry = new TypeRegistry();
        _types = validatesFunctions ? ModuleValidator.Validate(definition, registry) : ModuleValidator.ValidateWithoutBodies(definition, registry);
    }

    /// <summary>The module in the binary format, as it was read or assembled.</summary>
    public ReadOnlyMemory<byte> Bytes => Definition.Bytes;

    /// <summary>The module's own name, from its name section; null without one.</summary>
    public string? Name => Definition.Names.ModuleName;

    /// <summary>What an instance of the module has to be given, in the order of the module.</summary>
    public IReadOnlyList<ImportType> Imports =>
        field ??= Definition.Imports.ConvertAll(import => new ImportType(import.Module, import.Name, _types.Of(import.Kind, import.Index)));

    /// <summary>What an instance of the module makes accessible, in the order of the module.</summary>
    public IReadOnlyList<ExportType> Exports =>
        field ??= Definition.Exports.ConvertAll(export => new ExportType(export.Name, _types.Of(export.Kind, export.Index)));

    /// <summary>All custom sections, in the order of the module.</summary>
    public IReadOnlyList<CustomSection> CustomSections => field ??= Definition.CustomSections.ConvertAll(section =>
        new CustomSection(section.Name, Definition.Bytes.Slice(section.Content.Offset, section.Content.Length)));

    /// <summary>As <see cref="Module.CustomSectionProblems"/>, with lines and columns for a module in the text format.</summary>
    public IReadOnlyList<ModuleException> CustomSectionProblems =>
        field ??= [.. CustomSectionValidator.FindProblems(Definition).Select(problem => Locate(_map, problem))];

    /// <summary>The functions, the imported ones first.</summary>
    public IReadOnlyList<FunctionInfo> Functions => field ??= FindFunctions();

    /// <summary>The memories, the imported ones first.</summary>
    public IReadOnlyList<MemoryType> Memories => _types.MemoryTypes;

    /// <summary>The tables, the imported ones first.</summary>
    public IReadOnlyList<TableType> Tables => _types.TableTypes;

    /// <summary>The globals, the imported ones first.</summary>
    public IReadOnlyList<GlobalType> Globals => _types.GlobalTypes;

    /// <summary>The tags, the imported ones first.</summary>
    public IReadOnlyList<TagType> Tags =>
        field ??= [.. Enumerable.Range(0, Definition.Tags.Count).Select(index => (TagType)_types.Of(ExternKind.Tag, index))];

    /// <summary>How many types the module defines.</summary>
    public int TypeCount => Definition.Types.Count;

    /// <summary>How many elements each element segment has.</summary>
    public IReadOnlyList<int> ElementSegments => field ??= Definition.Elements.ConvertAll(segment => segment.Count);

    /// <summary>How many bytes each data segment has.</summary>
    public IReadOnlyList<int> DataSegments => field ??= Definition.Data.ConvertAll(segment => segment.Data.Length);

    /// <summary>The index of the start function; null if there is none.</summary>
    public int? StartFunction => Definition.Start;

    /// <summary>The pointer to the C stack, as it is found where <see cref="StoreOptions.StackPointer"/> says nothing; null if none is found.</summary>
    public StackPointerInfo? StackPointer => StackSearch.Find(Definition, _types) is { } found
        ? new StackPointerInfo(found.Global, StackSymbol.NameOf(Definition, found.Global), found.Source)
        : null;

    internal ModuleDefinition Definition { get; }

    /// <summary>Reads a module in the binary format.</summary>
    /// <param name="bytes">The module. The memory must not change afterwards.</param>
    /// <exception cref="MalformedModuleException">The bytes are not a module.</exception>
    /// <exception cref="InvalidModuleException">The module breaks a rule of validation.</exception>
    public static ModuleInfo Read(ReadOnlyMemory<byte> bytes) => Read(bytes, validatesFunctions: true);

    /// <summary>Reads a module in the binary format that is validated elsewhere, as <see cref="Module.Load"/> and <see cref="StaticLinker"/> do, in half the time.</summary>
    /// <param name="bytes">The module. The memory must not change afterwards.</param>
    /// <param name="validatesFunctions">Whether the bodies of functions are validated here, too; they are well-formed in any case, and all else is valid.</param>
    /// <exception cref="MalformedModuleException">The bytes are not a module.</exception>
    /// <exception cref="InvalidModuleException">The module breaks a rule of validation.</exception>
    public static ModuleInfo Read(ReadOnlyMemory<byte> bytes, bool validatesFunctions)
    {
        ModuleStream.RequireLength(bytes.Length);
        return new ModuleInfo(ModuleDecoder.Decode(bytes), null, validatesFunctions);
    }

    /// <summary>Reads a module in the text format.</summary>
    /// <param name="text">The module: <c>(module …)</c>, or its fields alone.</param>
    /// <exception cref="MalformedModuleException">The text is not a module; the exception has line and column.</exception>
    /// <exception cref="InvalidModuleException">The module breaks a rule of validation; the exception has line and column.</exception>
    public static ModuleInfo Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(TextModule.Assemble(text));
    }

    /// <inheritdoc cref="Parse(string)"/>
    /// <param name="utf8">The module, <c>(module …)</c> or its fields alone, in UTF-8.</param>
    public static ModuleInfo Parse(ReadOnlyMemory<byte> utf8) => Of(TextModule.Assemble(utf8));

    /// <inheritdoc cref="Module.WriteText"/>
    public void WriteText(TextWriter writer, TextStyle style = TextStyle.Folded)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ModulePrinter.Print(Definition, writer, style);
    }

    private static ModuleInfo Of(TextModuleResult module)
    {
        try
        {
            return new ModuleInfo(ModuleDecoder.Decode(module.Binary), module.Map);
        }
        catch (ModuleException exception)
        {
            throw Locate(module.Map, exception);
        }
    }

    private static ModuleException Locate(SourceMap? map, ModuleException exception) => map is null ? exception : map.Translate(exception);

    private FunctionInfo[] FindFunctions()
    {
        var suspension = new SuspensionAnalysis(Definition, ImplicitSites.None);
        var exported = new Dictionary<int, string>();
        foreach (var export in Definition.Exports.Where(export => export.Kind == ExternKind.Func))
            exported.TryAdd(export.Index, export.Name);
        return
        [
            .. Definition.Functions.Select((function, index) => new FunctionInfo(
                index,
                Definition.Names.Function(index) ?? exported.GetValueOrDefault(index),
                _types.FunctionSignature(index),
                function.Body?.Code.Length,
                suspension.MaySuspend(index))),
        ];
    }
}
