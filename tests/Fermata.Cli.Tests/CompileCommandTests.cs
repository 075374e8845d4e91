using System.Runtime.Loader;

namespace Fermata.Cli.Tests;

/// <summary><c>fermata compile</c>, and what <c>fermata run</c> keeps of programs. Instead of crossgen2 a script copies the assembly as it is, which .NET takes as well.</summary>
public sealed class CompileCommandTests : IDisposable
{
    private static readonly char Slash = Path.DirectorySeparatorChar;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_assembly_has_a_class_that_engines_load()
    {
        var text = _folder.Add("adder.wat", "(func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))");

        var (exitCode, output, error) = _folder.Run("compile", text, "--no-native");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal($"~{Slash}adder.dll: {new FileInfo(_folder["adder.dll"]).Length} bytes\n", output);
        Assert.Equal(3, CallAdd(_folder["adder.dll"], "Fermata.Compiled.adder"));
        Assert.Equal(2, Directory.GetFiles(_folder["."]).Length);
    }

    [Fact]
    public void Machine_code_is_made_by_crossgen2()
    {
        if (OperatingSystem.IsWindows())
            return;
        var text = _folder.Add("adder.wat", "(func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))");
        var compiler = AddScript("crossgen2", "cp \"$1\" \"$3\"; echo \"$@\" > \"$(dirname \"$0\")/arguments\"");

        Assert.Equal(0, _folder.Run("compile", text, "-o", _folder["other.dll"], "--crossgen2", compiler).ExitCode);
        Assert.Equal(3, CallAdd(_folder["other.dll"], "Fermata.Compiled.other"));
        Assert.Contains("Fermata.dll --targetos ", File.ReadAllText(_folder["arguments"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_wrong_is_told_and_leaves_nothing_behind()
    {
        var text = _folder.Add("m.wat", "(module)");
        var arrays = _folder.Add("arrays.wat", "(type (array i8))");
        var invalid = _folder.Add("invalid.wat", "(func (result i32))");

        var (exitCode, _, error) = _folder.Run("compile", text, "--crossgen2", _folder["none"]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"fermata: ~{Slash}none cannot be started: ", error, StringComparison.Ordinal);

        (exitCode, _, error) = _folder.Run("compile", arrays, "--no-native");
        Assert.Equal((1, $"fermata: ~{Slash}arrays.wat: The module has types of structures or arrays, whose classes cannot be in an assembly of one module.\n"), (exitCode, error));

        (exitCode, _, error) = _folder.Run("compile", invalid, "--no-native");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"fermata: ~{Slash}invalid.wat:1:19: invalid: ", error, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(_folder["."]).Length);
    }

    [Fact(Skip = Heavy.SkipReason)]
    public async Task After_a_long_run_code_is_kept_for_the_next()
    {
        if (OperatingSystem.IsWindows())
            return;
        var module = _folder.Add("large.wat", Large);
        AddCompiler();

        Assert.Equal((0, "65000\n"), await Run());
        var file = await FileInCache();
        var written = File.GetLastWriteTimeUtc(file);

        // With it, nothing is behind any more; and a damaged file is as none.
        Assert.Equal((0, "65000\n"), await Run());
        Assert.True(File.GetLastWriteTimeUtc(file) > written);
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal((0, "65000\n"), await Run());
        await FileInCache();

        async Task<(int, string)> Run()
        {
            using var process = CliProcess.StartShell($"NUGET_PACKAGES='{_folder["packages"]}' $fermata run --cache '{_folder["cache"]}' --invoke f '{module}' 0");
            var (exitCode, output, _) = await process.EndAsync();
            return (exitCode, output);
        }
    }

    [Fact]
    public async Task Processes_that_fill_a_cache_at_once_do_not_disturb_each_other()
    {
        if (OperatingSystem.IsWindows())
            return;
        var module = _folder.Add("large.wat", Large);
        AddCompiler();
        var fill = $"echo 0 1 2 | NUGET_PACKAGES='{_folder["packages"]}' $fermata fill-cache '{_folder["cache"]}' '{module}'";

        using var processes = CliProcess.StartShell($"{fill} & {fill} & {fill} & {fill}; wait");
        var (_, output, error) = await processes.EndAsync();

        Assert.Equal(("", ""), (output, error));
        var file = await FileInCache();
        using var run = CliProcess.StartShell($"$fermata run --cache '{_folder["cache"]}' --invoke f '{module}' 0");
        Assert.Equal((0, "65000\n"), ((await run.EndAsync()) is var (exitCode, printed, _) ? (exitCode, printed) : default));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void Without_a_cache_nothing_is_kept()
    {
        var module = _folder.Add("m.wat", "(func (export \"f\"))");

        Assert.Equal(0, _folder.Run("run", "--cache", "off", "--invoke", "f", module).ExitCode);
        Assert.Equal(0, _folder.Run("run", "--cache", _folder["cache"], "--invoke", "f", module).ExitCode);
        Assert.False(Directory.Exists(_folder["cache"]));
        Assert.Equal("folder", ProgramCache.Folder("folder"));
        Assert.Null(ProgramCache.Folder("off"));
        Assert.Equal("fermata", Path.GetFileName(ProgramCache.Folder(null)));
    }

    /// <summary>13 functions with 1,000 additions each.</summary>
    private static string Large
    {
        get
        {
            var body = string.Concat(Enumerable.Repeat("(local.set 0 (i32.add (local.get 0) (i32.const 5)))", 1_000));
            var functions = Enumerable.Range(0, 13).Select(i => $"(func $f{i} (param i32) (result i32) {body} {(i == 12 ? "(local.get 0)" : $"(call $f{i + 1} (local.get 0))")})");
            return $"(module {string.Concat(functions)} (export \"f\" (func $f0)))";
        }
    }

    private static int CallAdd(string path, string name)
    {
        var assembly = new AssemblyLoadContext(name, isCollectible: true).LoadFromStream(new MemoryStream(File.ReadAllBytes(path)));
        using var store = new Store(new Engine());
        var module = Module.LoadCompiled(store.Engine, (CompiledModule)Activator.CreateInstance(assembly.GetType(name, throwOnError: true)!)!);
        return module.Instantiate(store).GetFunction("add").Invoke(1, 2)[0].AsI32();
    }

    private string AddScript(string name, string commands)
    {
        var path = _folder.Add(name, $"#!/bin/sh\n{commands}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private void AddCompiler() =>
        AddScript(Path.Combine("packages", NativeCompiler.PackageName.ToLowerInvariant(), Environment.Version.ToString(), "tools", "crossgen2"), "cp \"$1\" \"$3\"");

    /// <summary>Waits for it, for as long as a machine under load may need.</summary>
    private async Task<string> FileInCache()
    {
        for (var i = 0; i < 3_000; i++)
        {
            if (Directory.Exists(_folder["cache"]) && Directory.GetFiles(_folder["cache"], "*.dll") is [var file])
                return file;
            await Task.Delay(100);
        }

        throw new TimeoutException("Nothing came into the cache.");
    }
}
