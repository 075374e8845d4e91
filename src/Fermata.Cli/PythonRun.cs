using System.Text;
using Fermata.Python;
using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>Runs a program in Python once, as <c>python</c> does, or a prompt.</summary>
internal sealed class PythonRun(Terminal terminal, PythonOptions options, Interruption interruption)
{
    private readonly DirectoryGrant[] _directories = GuestPaths.Resolve(options.Grants.Directories, WheelPackages.PathsFor(options.Wheels));

    /// <summary>What reads keys, if there is a prompt and a person at a keyboard; else null, and Python reads standard input.</summary>
    private readonly Keyboard? _keyboard = (options.IsInteractive || IsPrompt(terminal, options)) && terminal.ReadKey is { } readKey ? new Keyboard(readKey) : null;

    private readonly TerminalLine _line = new();

    private PythonProgram Program => options.Program;

    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">It failed, or was given what it cannot take.</exception>
    public static int Run(Terminal terminal, PythonOptions options)
    {
        using var interruption = new Interruption(options.Grants.Timeout);
        try
        {
            return new PythonRun(terminal, options, interruption).RunAsync().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (interruption.ExitCode is not 0 and var exitCode)
        {
            return exitCode == ExitCode.TimedOut ? throw new CommandException("the time of the program was over (--timeout).", exitCode) : exitCode;
        }
        catch (Exception e) when (e is TrapException or WasmException or WasmExitException)
        {
            throw new CommandException($"Python has ended: {(e is TrapException ? "trap: " : "")}{e.Message}", ExitCode.Aborted);
        }
        catch (PythonException e)
        {
            throw new CommandException($"Python failed:\n{HostileText.Printable(e.Traceback)}");
        }
        catch (Exception e) when (e is InsufficientMemoryException or ResourceLimitException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(HostileText.Printable(e.Message));
        }
    }

    private async Task<int> RunAsync()
    {
        var source = Program.Kind == PythonProgramKind.File ? Decode(ModuleFile.ReadBytes(Program.Text), Program.Text) : Program.Text;
        var (distribution, package) = await new PyodidePackage(terminal)
            .LoadAsync(options.PackageFolder, options.Grants.EngineOptions, options.Grants.CacheFolder, interruption.Token).ConfigureAwait(false);
        try
        {
            var python = await PythonRuntime.StartAsync(distribution, await NewHostAsync().ConfigureAwait(false), options.Grants.NewStoreOptions(), interruption.Token).ConfigureAwait(false);
            await using (python.ConfigureAwait(false))
            {
                interruption.Interrupt = python.Interrupt;
                // What runs when its time is over ends with the interpreter.
                return await Task.Run(() => RunAsync(python, source)).WaitAsync(interruption.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            if (!interruption.Token.IsCancellationRequested)
                ProgramCache.FillIfBehind(distribution.Module, package, isPython: true);
        }
    }

    private async Task<PythonHost> NewHostAsync()
    {
        var host = new PythonHost().WithProgramName(Name).WithArguments(Program.Arguments);
        await WheelPackages.AddAsync(host, options.Wheels, interruption.Token).ConfigureAwait(false);
        if (options.Grants.Network is { } network)
            host.WithFetch(network);
        return (options.Grants with { Directories = _directories }).ApplyTo(host, ProgramTerminal());
    }

    /// <summary>What Python reads and writes. Beside a prompt that edits lines it has the keys from there, and the prompt does not write over what it has written.</summary>
    private Terminal ProgramTerminal() => _keyboard is not { } keyboard
        ? terminal
        : terminal with
        {
            ProgramInput = new KeyboardInput(keyboard, terminal.Output, _line, () => interruption.Interrupt?.Invoke()),
            ProgramOutput = _line.Follow(terminal.ProgramOutput),
            ProgramError = _line.Follow(terminal.ProgramError),
        };

    /// <summary>Whether there is a prompt, and nothing before it.</summary>
    private static bool IsPrompt(Terminal terminal, PythonOptions options) =>
        options.Program.Kind == PythonProgramKind.None && (options.IsInteractive || terminal.ProgramInput.IsTerminal);

    /// <summary>What <c>sys.argv[0]</c> is; <c>python -m</c> sets it itself.</summary>
    private string Name => Program.Kind switch
    {
        PythonProgramKind.None => "",
        PythonProgramKind.Code => PythonProgram.CodeOption,
        PythonProgramKind.Module => PythonProgram.ModuleOption,
        PythonProgramKind.File => GuestPaths.Find(_directories, Program.Text) ?? Program.Text,
        _ => Program.Text,
    };

    private async Task<int> RunAsync(PythonRuntime python, string source)
    {
        SetFolder(python);
        var isPrompt = IsPrompt(terminal, options);
        var exitCode = Program.Kind switch
        {
            _ when isPrompt => ExitCode.Success,
            PythonProgramKind.Module => await python.RunModuleAsync(Program.Text).ConfigureAwait(false),
            PythonProgramKind.Code => await python.RunMainAsync(source, "<string>").ConfigureAwait(false),
            PythonProgramKind.File => await python.RunMainAsync(source, Name).ConfigureAwait(false),
            _ => await python.RunMainAsync(Decode(await ReadInputAsync().ConfigureAwait(false), "<stdin>"), "<stdin>").ConfigureAwait(false),
        };
        return isPrompt || options.IsInteractive ? await python.RunPromptAsync(isPrompt ? Banner(python) : "", LineReader(python)).ConfigureAwait(false) : exitCode;
    }

    /// <summary>Has modules found beside the script, if Python was given that, and not in the working directory.</summary>
    private void SetFolder(PythonRuntime python)
    {
        if (Program.Kind != PythonProgramKind.File)
            return;
        using var system = python.Import("sys");
        using var paths = system.GetAttribute("path");
        if (GuestPaths.Find(_directories, Program.Text) is { } path)
            paths.SetItem(0, path[..path.LastIndexOf('/')]);
        else
            paths.RemoveItem(0);
    }

    /// <summary>What reads lines from a keyboard; null where there is none, so that Python reads standard input.</summary>
    private Func<string, Task<string?>>? LineReader(PythonRuntime python)
    {
        if (_keyboard is not { } keyboard)
            return null;
        var history = new LineHistory(options.Grants.CacheFolder is { } cache ? Path.Combine(cache, "python", "history") : null);
        var editor = new LineEditor(history, keyboard.Read, terminal.Output, () => Console.WindowWidth, _line);
        return prompt => Task.Run(() => editor.Read(prompt, () => python.Interrupt()));
    }

    private static string Banner(PythonRuntime python)
    {
        using var system = python.Import("sys");
        using var version = system.GetAttribute("version");
        return $"Python {version.ToString().Split(' ')[0]} on Emscripten, in Fermata\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.";
    }

    private async Task<byte[]> ReadInputAsync()
    {
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        while (await terminal.ProgramInput.ReadAsync(buffer, interruption.Token).ConfigureAwait(false) is var read && read.Value > 0)
            content.Write(buffer, 0, read.Value);
        return content.ToArray();
    }

    private static string Decode(byte[] source, string name)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(source.AsSpan(source.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0));
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException($"{HostileText.Printable(name)}: is not in UTF-8, which programs in Python are to be.");
        }
    }
}
