using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>A module in a file, in the binary or the text format. The content tells which.</summary>
internal sealed class ModuleFile
{
    private readonly byte[] _content;
    private ModuleInfo? _info;

    private ModuleFile(string path, byte[] content)
    {
        Name = HostileText.Printable(path);
        _content = content;
        IsText = !content.AsSpan().StartsWith("\0asm"u8) && !path.EndsWith(".wasm", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The path as messages show it.</summary>
    public string Name { get; }

    /// <summary>Whether the file has the module as text.</summary>
    public bool IsText { get; }

    /// <summary>The module, validated.</summary>
    /// <exception cref="CommandException">The module is malformed or invalid; the message has the place in the file.</exception>
    public ModuleInfo Info => _info ??= Use(content => IsText ? ModuleInfo.Parse(content) : ModuleInfo.Read(content));

    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static ModuleFile Read(string path) => new(path, ReadBytes(path));

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
            throw Problem(path, e.Message);
        }
    }

    /// <summary>Gives a file another name, of which there may be one already.</summary>
    /// <exception cref="CommandException">It cannot have it.</exception>
    public static void Move(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Problem(to, e.Message);
        }
    }

    /// <summary>The module, compiled.</summary>
    /// <exception cref="CommandException">The module is malformed or invalid, or uses what the engine does not have.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Module Load(Engine engine, CancellationToken cancellationToken) => Use(content => Module.Load(engine, IsText ? Info.Bytes : content, cancellationToken));

    /// <summary>A line for people about a problem whose place is one in the file.</summary>
    public string Describe(string kind, ModuleException e) =>
        e.Line is null ? $"{Name}: {kind}: {e.Message}" : $"{Name}:{e.Line}:{e.Column}: {kind}: {e.Problem}";

    private T Use<T>(Func<ReadOnlyMemory<byte>, T> use)
    {
        try
        {
            return use(_content);
        }
        catch (ModuleException e)
        {
            throw new CommandException(Describe(e is InvalidModuleException ? "invalid" : "malformed", e));
        }
        catch (Exception e) when (e is NotSupportedException or LoadLimitException)
        {
            throw new CommandException($"{Name}: {e.Message}");
        }
    }

    /// <summary>The content of a file.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ReadingProblem(path, e);
        }
    }

    /// <summary>Why a file cannot be read.</summary>
    public static CommandException ReadingProblem(string path, Exception e) =>
        Problem(path, Directory.Exists(path) ? "is a folder; expected a file." : e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file." : e.Message);

    /// <summary>What is wrong with a file. The message of .NET may have the path in it.</summary>
    public static CommandException Problem(string path, string problem) => new($"{HostileText.Printable(path)}: {HostileText.Printable(problem)}");
}
