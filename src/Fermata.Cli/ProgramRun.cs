using Fermata.Structure;
using Fermata.Wasi;

namespace Fermata.Cli;

/// <summary>Runs a module once: its <c>_start</c>, as WASI has it, or one of its exports.</summary>
internal sealed class ProgramRun(Terminal terminal, ProgramOptions options, ModuleFile file)
{
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">It failed, or was given what it cannot take.</exception>
    public static int Run(Terminal terminal, ProgramOptions options)
    {
        using var interruption = new Interruption(options.Grants.Timeout);
        var file = ModuleFile.Read(options.File);
        try
        {
            return new ProgramRun(terminal, options, file).RunAsync(interruption.Token).GetAwaiter().GetResult();
        }
        catch (WasmExitException e)
        {
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (interruption.ExitCode is not 0 and var exitCode)
        {
            return exitCode == ExitCode.TimedOut ? throw new CommandException($"{file.Name}: its time was over (--timeout).", exitCode) : exitCode;
        }
        catch (Exception e) when (e is TrapException or WasmException)
        {
            throw new CommandException($"{file.Name}: {(e is TrapException ? "trap: " : "")}{e.Message}", ExitCode.Aborted);
        }
        catch (Exception e) when (e is KeyNotFoundException or InsufficientMemoryException or ResourceLimitException)
        {
            throw new CommandException($"{file.Name}: {e.Message}");
        }
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var module = Load(new Engine(options.Grants.EngineOptions), cancellationToken);
        try
        {
            return await RunAsync(module, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
                ProgramCache.FillIfBehind(module, options.File);
        }
    }

    private async Task<int> RunAsync(Module module, CancellationToken cancellationToken)
    {
        RequireUseOfArguments(module);
        var store = new Store(module.Engine, options.Grants.NewStoreOptions());
        await using (store.ConfigureAwait(false))
        {
            try
            {
                if (options.Export is null && module.Imports.Any(IsOfWasi) && module.Exports.Any(IsStart))
                    return await new WasiProgram(module).RunAsync(NewBuilder(), store, cancellationToken).ConfigureAwait(false);
                await CallAsync(store, module, cancellationToken).ConfigureAwait(false);
                return ExitCode.Success;
            }
            catch (LinkException e)
            {
                throw new CommandException($"{file.Name}: {e.Message}.\n{Advice(module)}");
            }
        }
    }

    private Module Load(Engine engine, CancellationToken cancellationToken)
    {
        using var notice = new Notice(terminal, $"compiling {file.Name} …");
        return file.Load(engine, cancellationToken);
    }

    private void RequireUseOfArguments(Module module)
    {
        if (options.Export is not null || options.Arguments is not [var first, ..] || module.Imports.Any(IsOfWasi))
            return;
        throw CommandException.Usage(
            $"unexpected argument '{HostileText.Printable(first)}': {file.Name} imports no WASI, so that arguments are for the function that --invoke names. "
            + "Options stand before the file: fermata run --invoke NAME FILE ARGS.");
    }

    private WasiBuilder NewBuilder() =>
        options.Grants.ApplyTo(new WasiBuilder().WithProgramName(Path.GetFileName(options.File)).WithArguments(options.Arguments), terminal);

    /// <summary>Calls what is not a whole program.</summary>
    private async Task CallAsync(Store store, Module module, CancellationToken cancellationToken)
    {
        var wasi = await NewBuilder().BuildAsync(cancellationToken).ConfigureAwait(false);
        await using (wasi.ConfigureAwait(false))
        {
            store.SetData(wasi);
            var instance = await new Linker(module.Engine).DefineWasi(module).InstantiateAsync(store, module, cancellationToken).ConfigureAwait(false);
            await CallAsync(instance, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CallAsync(Instance instance, CancellationToken cancellationToken)
    {
        var isProgram = instance.TryGetFunction("_start", out var start);
        if (options.Export is not { } export)
        {
            if (isProgram)
                await CallAsync(start!, [], cancellationToken).ConfigureAwait(false);
            else if (file.Info.StartFunction is null)
                terminal.Error.WriteLine($"{file.Name}: there is no function _start to call{Names(instance.Module)}.");
            return;
        }

        var function = instance.GetFunction(export);
        var arguments = ReadArguments(function);

        // A reactor is made ready by _initialize, a command by its _start.
        if (!isProgram && export != "_initialize" && instance.TryGetFunction("_initialize", out var initialize))
            await initialize.InvokeAsync([], cancellationToken).ConfigureAwait(false);
        await CallAsync(function, arguments, cancellationToken).ConfigureAwait(false);
    }

    private async Task CallAsync(Function function, Value[] arguments, CancellationToken cancellationToken)
    {
        foreach (var value in await function.InvokeAsync(arguments, cancellationToken).ConfigureAwait(false))
            terminal.Output.WriteLine(ValueText.Print(value));
    }

    private Value[] ReadArguments(Function function)
    {
        var types = function.Type.Parameters;
        var words = options.Arguments;
        if (types.Count != words.Length)
            throw CommandException.Usage($"{HostileText.Printable(function.Name)} takes {types.Count} arguments, found {words.Length}: its type is {function.Type}.");
        var values = new Value[words.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!Value.TryParse(words[i], types[i], out values[i]))
                throw CommandException.Usage($"argument {i + 1}, '{HostileText.Printable(words[i])}', is not of type {types[i]}: expected {ValueText.Expected(types[i])}.");
        }

        return values;
    }

    private static bool IsStart(ExportType export) => export is { Name: "_start", Type: FunctionType { Signature: { Parameters.Count: 0, Results.Count: 0 } } };

    private static bool IsOfWasi(ImportType import) => import.Module is "wasi_snapshot_preview1" or "wasi_unstable" or "wasi";

    private static string Advice(Module module)
    {
        var count = module.Imports.Count == 1 ? "the one import" : $"the {module.Imports.Count} imports";
        return $"`fermata run` defines WASI preview 1 (wasi_snapshot_preview1) and no other imports; `fermata inspect` lists {count} of the module. Define them in C# (docs/hosting.md).";
    }

    private static string Names(Module module)
    {
        var names = module.Exports.Where(export => export.Type.Kind == ExternKind.Func).Select(export => HostileText.Quoted(export.Name)).ToList();
        return names.Count == 0 ? ", nor is any other exported" : $", only {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}; name one with --invoke";
    }
}
