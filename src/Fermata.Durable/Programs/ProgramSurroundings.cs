using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Durable;

/// <summary>What programs of a host are given: what the host has said, and files by which they ask it.</summary>
internal sealed class ProgramSurroundings
{
    private const string CallFolder = "/call";
    private const string EventFolder = "/event";

    private static readonly string[] Interfaces = ["wasi_snapshot_preview1", "wasi_unstable"];

    private readonly ProgramSettings _settings = new();
    private readonly List<(string Name, FileSystem FileSystem)> _directories;

    /// <exception cref="ArgumentException">The builder gives what cannot be kept.</exception>
    public ProgramSurroundings(WasiBuilder builder, ProgramFunctions functions, TimeProvider clock)
    {
        builder.Settings.CopyTo(_settings);
        Refuse(_settings.Network is not null || _settings.Sockets.Count > 0, "has no network and no sockets: connections end with the process. Functions of the host can do for it what they are for");
        Refuse(_settings.Input != InputStream.Empty, "has no standard input: what was read of it would be read again elsewhere. Give it arguments, or functions and events of the host");
        Refuse(_settings.Output != OutputStream.Null || _settings.Error != OutputStream.Null, "writes to the database, with its commits: GetOutputAsync and GetErrorAsync tell what");
        Refuse(_settings.Directories.Any(static directory => directory.Name is CallFolder or EventFolder), $"has {CallFolder} and {EventFolder} of its host");
        if (_settings.Clock == TimeProvider.System)
            _settings.Clock = clock;
        _directories =
        [
            .. _settings.Directories.Select(static directory => (directory.Name, (FileSystem)new ReadOnlyFileSystem(directory.FileSystem))),
            (CallFolder, new QuestionDirectory(functions.Find, () => functions.Names, isWritten: true)),
            (EventFolder, new QuestionDirectory(static name => new Question(new ElsewhereFunction($"{EventFolder}/{name}"), name), static () => [], isWritten: false)),
        ];
    }

    /// <summary>The name of a function that programs call by a file.</summary>
    public static string PathOf(string function) => $"{CallFolder}/{function}";

    /// <summary>Whether a module uses WASI.</summary>
    public static bool IsFor(Module module) => module.Imports.Any(static import => Interfaces.Contains(import.Module));

    /// <summary>Opens what a program has.</summary>
    /// <param name="output">Where it writes.</param>
    /// <param name="arguments">Its arguments behind those that all have.</param>
    /// <param name="restored">What it had before; null for one at its beginning.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public ValueTask<WasiContext> OpenAsync(ProgramOutput output, IEnumerable<string> arguments, RestoredStore? restored, CancellationToken cancellationToken)
    {
        var settings = new ProgramSettings();
        _settings.CopyTo(settings);
        settings.Arguments.AddRange(arguments);
        (settings.Output, settings.Error) = (output.Output, output.Error);
        return WasiContext.OpenAsync(settings, _directories, mostThreads: 0, Errno.ENOTCAPABLE, restored is null ? null : WasiState.Of(restored), cancellationToken);
    }

    private static void Refuse(bool condition, string what)
    {
        if (condition)
            throw new ArgumentException($"A durable program {what}.");
    }
}
