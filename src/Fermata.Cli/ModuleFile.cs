using Fermata.Binary;
using Fermata.Text;
using Fermata.Validation;

namespace Fermata.Cli;

/// <summary>A module in a file, in the binary or the text format. The content tells which.</summary>
internal sealed class ModuleFile
{
    private readonly SourceMap? _map;

    private ModuleFile(string path, byte[] bytes, SourceMap? map)
    {
        Path = path;
        Bytes = bytes;
        _map = map;
    }

    public string Path { get; }

    /// <summary>The module in the binary format.</summary>
    public byte[] Bytes { get; }

    /// <summary>Whether the file has the module as text.</summary>
    public bool IsText => _map is not null;

    /// <exception cref="CommandException">The file cannot be read, or is text that is not a module.</exception>
    public static ModuleFile Read(string path)
    {
        var content = ReadBytes(path);
        if (content.AsSpan().StartsWith("\0asm"u8) || path.EndsWith(".wasm", StringComparison.OrdinalIgnoreCase))
            return new ModuleFile(path, content, null);
        try
        {
            var (bytes, map) = TextModule.Assemble(content);
            return new ModuleFile(path, bytes, map);
        }
        catch (ModuleException e)
        {
            throw Problem(path, e);
        }
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            using var stream = File.Create(path);
            write(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path}: {e.Message}");
        }
    }

    /// <summary>The module, validated.</summary>
    /// <exception cref="CommandException">The module is malformed or invalid.</exception>
    public (ModuleDefinition Definition, ModuleTypes Types) Decode() => Use(bytes =>
    {
        var definition = ModuleDecoder.Decode(bytes);
        return (definition, ModuleValidator.Validate(definition, new TypeRegistry()));
    });

    /// <summary>Does something with the module; what is wrong with it is told with the place in the file.</summary>
    /// <exception cref="CommandException">The module is malformed or invalid, or uses what the engine does not have.</exception>
    public T Use<T>(Func<ReadOnlyMemory<byte>, T> use)
    {
        try
        {
            return use(Bytes);
        }
        catch (ModuleException e)
        {
            throw Problem(Path, Locate(e));
        }
        catch (NotSupportedException e)
        {
            throw new CommandException($"{Path}: {e.Message}");
        }
    }

    /// <summary>What is wrong in the module's custom sections, with the places in the file.</summary>
    public IEnumerable<ModuleException> CustomSectionProblems(ModuleDefinition definition) =>
        CustomSectionValidator.FindProblems(definition).Select(Locate);

    /// <summary>A line for people about a problem whose place is one in the file.</summary>
    public string Describe(string kind, ModuleException e) => Describe(Path, kind, e);

    private ModuleException Locate(ModuleException e) => _map is null ? e : _map.Translate(e);

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path}: {(Directory.Exists(path) ? "is a folder; expected a file." : e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file." : e.Message)}");
        }
    }

    private static CommandException Problem(string path, ModuleException e) =>
        new(Describe(path, e is InvalidModuleException ? "invalid" : "malformed", e));

    private static string Describe(string path, string kind, ModuleException e) =>
        e.Line is null ? $"{path}: {kind}: {e.Message}" : $"{path}:{e.Line}:{e.Column}: {kind}: {e.Problem}";
}
