using Fermata.Emscripten.Functions;
using Fermata.Platform;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten;

/// <summary>
/// Says what programs are given, as its base does for all kinds of programs, and defines what they import beside Emscripten's own functions. Directories are mounted:
/// together they are the tree of files that a program sees. If none is given as <c>/</c>, there are <c>/tmp</c>, <c>/home/web_user</c> and <c>/dev</c>, in memory.
/// </summary>
public sealed class EmscriptenHost : ProgramBuilder<EmscriptenHost>
{
    private readonly Dictionary<string, HostFunction> _definitions = [];
    private readonly Dictionary<string, UnixFileMode> _fileModes = [];

    /// <summary>The time zone of the program.</summary>
    internal TimeZoneInfo TimeZone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>The working directory that the program begins with.</summary>
    internal string WorkingDirectory { get; private set; } = "/";

    /// <summary>The permissions of files and directories, by path.</summary>
    internal IReadOnlyDictionary<string, UnixFileMode> FileModes => _fileModes;

    /// <summary>Whether a function that nobody defines is a trap when it is called.</summary>
    internal bool TrapsAtUnknownImports { get; private set; }

    /// <summary>Sets the time zone of the program: UTC if nothing is said.</summary>
    /// <param name="timeZone">The time zone.</param>
    public EmscriptenHost WithTimeZone(TimeZoneInfo timeZone)
    {
        ArgumentNullException.ThrowIfNull(timeZone);
        TimeZone = timeZone;
        return this;
    }

    /// <summary>Sets the working directory that the program begins with: <c>/</c> if nothing is said.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public EmscriptenHost WithWorkingDirectory(string path)
    {
        WorkingDirectory = RequireAbsolute(path, "The working directory of a program");
        return this;
    }

    /// <summary>
    /// Sets the permissions that the program sees of a file or directory when it begins. What nothing is said of has those of its file system; where that has none, it may be read and
    /// written by its owner, which the program is, and nobody else, directories may be searched, and files not executed.
    /// </summary>
    /// <param name="path">Its absolute path, as the program sees it. If there is none, the program does not start (<see cref="IOException"/>).</param>
    /// <param name="mode">The permissions. Only the program sees them: it may read and write what it was given in any case.</param>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public EmscriptenHost WithFileMode(string path, UnixFileMode mode)
    {
        _fileModes[RequireAbsolute(path, "The path of a file")] = mode;
        return this;
    }

    /// <summary>Defines a function that programs import, or replaces one of Emscripten's.</summary>
    /// <param name="name">Its name, in Emscripten's spelling also if the program is minified.</param>
    /// <param name="function">
    /// A delegate, as <see cref="Linker.Define(string, string, Delegate)"/> takes it: one that returns a task suspends the program. Where the program passes a number of 64 bits
    /// as two of 32, it gets that number.
    /// </param>
    public EmscriptenHost Define(string name, Delegate function)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        _definitions[name] = new HostFunction(name, function);
        return this;
    }

    /// <summary>Defines a function in two steps, as <see cref="Linker.Define(string, string, Delegate, Delegate)"/> takes it: one that may wait, and one that writes results to memory.</summary>
    /// <param name="name">Its name, in Emscripten's spelling also if the program is minified.</param>
    /// <param name="begin">A delegate that returns a task.</param>
    /// <param name="complete">A delegate that takes what the task gave, and the same parameters once more.</param>
    public EmscriptenHost Define(string name, Delegate begin, Delegate complete)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(begin);
        ArgumentNullException.ThrowIfNull(complete);
        _definitions[name] = new HostFunction(name, begin, complete);
        return this;
    }

    /// <summary>Defines a function that programs import as another one of Emscripten's, for programs with names of their own for what these do.</summary>
    /// <param name="name">The name that programs have for it.</param>
    /// <param name="function">The function that it is, such as <c>fd_read</c>.</param>
    /// <exception cref="ArgumentException">There is no such function.</exception>
    public EmscriptenHost DefineAs(string name, string function)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        _definitions[name] = EmscriptenFunctions.Find(function) ?? throw new ArgumentException($"There is no function {function} that {name} could be.", nameof(function));
        return this;
    }

    /// <summary>
    /// Lets programs start that import functions which nobody defines, such as those of JavaScript that a program need not call: calling one is a trap
    /// (<see cref="TrapKind.UnknownImport"/>). Otherwise it is a <see cref="LinkException"/> that names all of them.
    /// </summary>
    public EmscriptenHost WithUnknownImportsAsTraps()
    {
        TrapsAtUnknownImports = true;
        return this;
    }

    /// <summary>A function that was defined, or else Emscripten's; null if there is none.</summary>
    /// <param name="name">The name, in Emscripten's spelling.</param>
    internal HostFunction? Find(string name) => _definitions.GetValueOrDefault(name) ?? EmscriptenFunctions.Find(name);

    private static string RequireAbsolute(string path, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path[0] == '/' ? path : throw new ArgumentException($"{what} is absolute, as the program sees it: {path}", nameof(path));
    }
}
