using Fermata.Emscripten;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Python.Functions;

namespace Fermata.Python.Interop;

/// <summary>How an interpreter starts: by itself, or where another one was (<see cref="InterpreterImage"/>). Both are then told what their host says.</summary>
internal static class Startup
{
    private static readonly string[] Directories = ["/tmp", PythonRuntime.WorkingDirectory, PythonPackages.Folder, "/lib/python3.14/lib-dynload"];

    /// <summary>The beginnings of names of variables that Python looks at when it starts.</summary>
    private static readonly string[] VariablesOfStart = ["PYTHON", "LC_", "LANG", "TZ"];

    /// <param name="distribution">The interpreter, compiled.</param>
    /// <param name="host">What Python is given.</param>
    /// <param name="options">Options of the store.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task<Interpreter> StartAsync(PythonDistribution distribution, PythonHost host, StoreOptions options, CancellationToken cancellationToken)
    {
        var python = new Interpreter(host.Types, new CapturingOutput(host.Settings.Error), host.Settings.Clock) { HostMemory = host.MostHostBytes is { } most ? new HostMemory(most) : null };
        var threadStates = new ThreadStates();
        options = options with { CallState = threadStates };
        var isAsOthers = IsAsOthers(host.Settings);
        var program = ProgramFor(distribution, host, python, isAsOthers);
        var image = isAsOthers ? distribution.Image : null;
        var instance = image is null
            ? await distribution.Program.StartAsync(program, options, cancellationToken).ConfigureAwait(false)
            : await distribution.Program.StartAsync(program, image.Program, options, saved => InterpreterImage.Load(saved, python), cancellationToken).ConfigureAwait(false);
        try
        {
            python.Attach(instance);
            threadStates.Attach(python);
            if (image is null)
            {
                await InitializeAsync(python, distribution.Helpers, isAsOthers, cancellationToken).ConfigureAwait(false);
                if (isAsOthers)
                    distribution.Image = InterpreterImage.Capture(python);
            }

            python.Enter(() => Tell(python, host));
            python.Enter(() =>
            {
                python.Finish();
                return 0;
            });
            return python;
        }
        catch
        {
            await python.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether an interpreter starts as all do whose hosts say nothing that concerns the start.</summary>
    private static bool IsAsOthers(ProgramSettings settings) =>
        !settings.Directories.Exists(directory => directory.Name == "/")
        && !settings.Environment.Keys.Any(name => Array.Exists(VariablesOfStart, start => name.StartsWith(start, StringComparison.Ordinal)))
        && settings.Random == ProgramSettings.SystemRandom;

    private static EmscriptenHost ProgramFor(PythonDistribution distribution, PythonHost host, Interpreter python, bool isAsOthers)
    {
        var program = new EmscriptenHost();
        host.Settings.CopyTo(program.Settings);
        var settings = program.Settings;
        settings.ProgramName = "python";
        settings.Input = new InterruptibleInput(settings.Input, python);
        settings.Error = python.Errors;
        if (isAsOthers)
            settings.Environment.Clear();
        settings.Environment.TryAdd("HOME", PythonRuntime.WorkingDirectory);
        // Python lives on after its main.
        settings.Environment["PYTHONINSPECT"] = settings.Environment["PYTHONUNBUFFERED"] = "1";
        if (!settings.Directories.Exists(directory => directory.Name == "/"))
            settings.Directories.Add(("/", new OverlayFileSystem(distribution.Files, new MemoryFileSystem(host.FileLimits))));
        if (host.Packages is { } packages)
            settings.Directories.Add((PythonPackages.Folder, packages.Files));
        foreach (var define in (Action<EmscriptenHost, Interpreter>[])[ValueFunctions.Define, ArrayFunctions.Define, ObjectFunctions.Define, ProxyFunctions.Define, BufferFunctions.Define, RuntimeFunctions.Define])
            define(program, python);
        return program.WithWorkingDirectory(PythonRuntime.WorkingDirectory).WithUnknownImportsAsTraps();
    }

    /// <summary>The files that interpreters have in common.</summary>
    /// <param name="library">The standard library.</param>
    public static FileSystem FilesWith(ReadOnlyMemory<byte> library)
    {
        var files = new MemoryFileSystem();
        foreach (var directory in Directories)
            files.AddDirectory(directory);
        files.AddFile(PythonRuntime.Library, library);
        return files;
    }

    /// <summary>Starts Python, and Pyodide's part: proxies, modules of the host, the event loop.</summary>
    private static async Task InitializeAsync(Interpreter python, HelperModules helpers, bool isAsOthers, CancellationToken cancellationToken)
    {
        var code = await python.Instance.RunMainAsync([], cancellationToken).ConfigureAwait(false);
        if (code != 0)
            throw new InvalidOperationException($"Python did not start: its exit code is {code}.");
        NameCalls(python);
        python.Enter(() =>
        {
            python.Import("_pyodide_core").Dispose();
            using var hook = python.Import("_pyodide._importhook");
            hook.GetAttribute("register_js_finder").Call();
            using var register = hook.GetAttribute("register_js_module");
            foreach (var (name, module) in python.Modules.All)
                register.Call(name, module);
            python.Import("pyodide").Dispose();
            helpers.AddTo(python, isAsOthers);
            AddWorkingDirectory(python);
            python.Memory.Write(python.Instance.Instance.GetGlobal("Py_EMSCRIPTEN_SIGNAL_HANDLING").Get<int>(), 1);
            return 0;
        });
    }

    /// <summary>Has the message of a call that cannot wait name the one of .NET that can, and not JavaScript's.</summary>
    private static void NameCalls(Interpreter python)
    {
        ReadOnlySpan<byte> old = "Use pyFunc.callPromising() to fix.\0"u8, now = "Use CallPromisingAsync instead.\0"u8;
        var memory = python.Memory.GetSpan(0, checked((int)python.Memory.ByteLength));
        if (memory.IndexOf(old) is >= 0 and var place)
            now.CopyTo(memory[place..]);
    }

    /// <summary>Modules of the working directory are found, as they are by <c>python -c</c>.</summary>
    private static void AddWorkingDirectory(Interpreter python)
    {
        using var system = python.Import("sys");
        using var path = system.GetAttribute("path");
        using var insert = path.GetAttribute("insert");
        insert.Call(0, "").Dispose();
    }

    /// <summary>Tells Python what its host says.</summary>
    private static int Tell(Interpreter python, PythonHost host)
    {
        var settings = host.Settings;
        if (host.Packages is not null)
        {
            // Those with which it began may have seen the folder empty.
            using var finders = python.Import("importlib");
            using var forget = finders.GetAttribute("invalidate_caches");
            forget.Call().Dispose();
        }

        using var system = python.Import("sys");
        using var arguments = python.Own(DeepConversion.ToPython(python, (List<string>)[settings.ProgramName, .. settings.Arguments], -1));
        system.SetAttribute("argv", arguments);
        if (settings.Environment.Count == 0)
            return 0;
        using var operatingSystem = python.Import("os");
        using var environment = operatingSystem.GetAttribute("environ");
        using var update = environment.GetAttribute("update");
        using var variables = python.Own(DeepConversion.ToPython(python, settings.Environment, -1));
        update.Call(variables).Dispose();
        return 0;
    }
}
