using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>Compiles a module to an assembly, and tells how far it is.</summary>
internal static class AssemblyOutput
{
    private const int Steps = 100;

    /// <param name="terminal">Where to tell it.</param>
    /// <param name="file">The module.</param>
    /// <param name="path">The file to write. It is there when all of it is.</param>
    /// <param name="options">The options of the engines that the assembly is for.</param>
    /// <param name="compiler">What makes machine code; null for none.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">The module cannot be compiled, or the file not be written.</exception>
    public static int Write(Terminal terminal, ModuleFile file, string path, EngineOptions options, NativeCompiler? compiler)
    {
        using var interruption = new Interruption(timeout: null);
        var name = Path.GetFileNameWithoutExtension(path);
        var unfinished = Path.Combine(Path.GetDirectoryName(path)!, $".{name}-{Guid.NewGuid():N}");
        var (il, native) = ($"{unfinished}.il.dll", $"{unfinished}.dll");
        try
        {
            ModuleFile.Write(il, stream => WriteCode(terminal, file, stream, name, options, interruption.Token));
            if (compiler is not null)
                MakeNative(terminal, file, compiler, il, native, interruption.Token);
            ModuleFile.Move(compiler is null ? il : native, path);
        }
        catch (OperationCanceledException)
        {
            return interruption.ExitCode;
        }
        finally
        {
            File.Delete(il);
            File.Delete(native);
        }

        terminal.Output.WriteLine($"{HostileText.Printable(path)}: {new FileInfo(path).Length} bytes");
        return ExitCode.Success;
    }

    private static void WriteCode(Terminal terminal, ModuleFile file, Stream output, string name, EngineOptions options, CancellationToken cancellationToken)
    {
        var progress = new Progress(terminal, Steps);
        try
        {
            var module = file.Load(new Engine(options), cancellationToken);
            module.WriteAssembly(output, name, new Percents(() => progress.Show($"compiling {file.Name}")), cancellationToken);
        }
        catch (NotSupportedException e)
        {
            throw new CommandException($"{file.Name}: {e.Message}");
        }
        finally
        {
            progress.Clear();
        }
    }

    private static void MakeNative(Terminal terminal, ModuleFile file, NativeCompiler compiler, string il, string native, CancellationToken cancellationToken)
    {
        using var notice = new Notice(terminal, $"making machine code of {file.Name} …");
        try
        {
            compiler.CompileAsync(il, native, cancellationToken).GetAwaiter().GetResult();
        }
        catch (InvalidOperationException e)
        {
            throw new CommandException(HostileText.Printable(e.Message));
        }
    }

    /// <summary>Calls for each percent.</summary>
    private sealed class Percents(Action show) : IProgress<double>
    {
        private int _shown;

        public void Report(double value)
        {
            for (; _shown < (int)(value * Steps); _shown++)
                show();
        }
    }
}
