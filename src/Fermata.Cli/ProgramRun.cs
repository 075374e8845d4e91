using Fermata.Structure;
using Fermata.Wasi;

namespace Fermata.Cli;

/// <summary>Runs a module once: its <c>_start</c>, as WASI has it, or one of its exports.</summary>
internal sealed class ProgramRun(Terminal terminal, ProgramOptions options, ModuleFile file, RunSaver saver)
{
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">It failed, or was given what it cannot take.</exception>
    public static int Run(Terminal terminal, ProgramOptions options)
    {
        using var interruption = new Interruption(options.Grants.Timeout);
        var file = ModuleFile.Read(options.File);
        try
        {
            var saver = new RunSaver(terminal, options.Saving, interruption);
            return new ProgramRun(terminal, options, file, saver).RunAsync(interruption.Token).GetAwaiter().GetResult();
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
        catch (Exception e) when (options.Snapshot is not null && e is SnapshotException or IOException)
        {
            throw ModuleFile.Problem(options.Snapshot!, e.Message);
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
        try
        {
            if (options.Snapshot is { } snapshot)
                return await ResumeAsync(module, snapshot, cancellationToken).ConfigureAwait(false);
            var store = new Store(module.Engine, options.Grants.NewStoreOptions());
            await using (store.ConfigureAwait(false))
                return await saver.RunAsync(store, Saved, () => StartAsync(store, module, cancellationToken)).ConfigureAwait(false);
        }
        catch (LinkException e)
        {
            throw new CommandException($"{file.Name}: {e.Message}.\n{Advice(module)}");
        }
    }

    private async Task<int> StartAsync(Store store, Module module, CancellationToken cancellationToken)
    {
        if (options.Export is null && module.Imports.Any(IsOfWasi) && module.Exports.Any(IsStart))
            return await new WasiProgram(module).RunAsync(NewBuilder(), store, cancellationToken).ConfigureAwait(false);
        await CallAsync(store, module, cancellationToken).ConfigureAwait(false);
        return ExitCode.Success;
    }

    /// <summary>Has a program of a snapshot go on.</summary>
    private async Task<int> ResumeAsync(Module module, string path, CancellationToken cancellationToken)
    {
        RestoredStore restored;
        using (var snapshot = File.OpenRead(path))
        {
            restored = Store.Restore(
                module.Engine, snapshot, new Linker(module.Engine).DefineWasi(module),
                new RestoreOptions { Modules = [module], Store = options.Grants.NewStoreOptions(), CancellationToken = cancellationToken });
        }

        await using (restored.Store.ConfigureAwait(false))
        {
            if (restored.Calls is not [var call])
                throw new SnapshotException($"It has {restored.Calls.Count} calls; only one with a single call, as 'fermata run' makes it, can go on here");
            var wasi = await NewBuilder().BuildAsync(restored, cancellationToken).ConfigureAwait(false);
            await using (wasi.ConfigureAwait(false))
            {
                return await saver.RunAsync(restored.Store, Saved, () =>
                {
                    restored.Resume();
                    return PrintAsync(call.Task);
                }).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What a snapshot has of the run.</summary>
    private SavedRun Saved => new(Path.GetFullPath(options.File), options.Export);

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

    private Task<int> CallAsync(Function function, Value[] arguments, CancellationToken cancellationToken) =>
        PrintAsync(function.InvokeAsync(function.Name, arguments, cancellationToken));

    private async Task<int> PrintAsync(Task<Value[]> call)
    {
        foreach (var value in await call.ConfigureAwait(false))
            terminal.Output.WriteLine(ValueText.Print(value));
        return ExitCode.Success;
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

    /// <summary>Whether WASI defines an import.</summary>
    public static bool IsOfWasi(ImportType import) => import.Module is "wasi_snapshot_preview1" or "wasi_unstable" or "wasi";

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
