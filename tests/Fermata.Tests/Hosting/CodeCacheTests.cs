using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Fermata.Runtime;

namespace Fermata.Tests.Hosting;

/// <summary>A folder with code of modules: what is there is used, what is not is compiled, and nothing depends on it.</summary>
public sealed class CodeCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fermata-cache-").FullName;

    /// <summary>In place of machine code it gives the assembly as it is, which .NET takes as well.</summary>
    private readonly NativeCompiler _compiler;

    private CodeCache Cache => new(Path.Combine(_folder, "cache")) { MinModuleBytes = 0 };

    private string CachedFile => Assert.Single(Directory.GetFiles(Cache.Folder, "*.dll"));

    public CodeCacheTests() => _compiler = new NativeCompiler(Script("copy", "cp \"$1\" \"$3\""));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [UnixFact]
    public async Task WhatIsThereIsNotCompiledAgain()
    {
        var text = Text();
        await FillAsync(text, "even");

        var (module, instance) = Load(text);
        Assert.Equal(1, Call(instance, "even", 10));
        Assert.Empty(module.CompiledFunctions);
    }

    [UnixFact]
    public async Task WhatIsNotThereIsCompiledAndCallsGoBothWays()
    {
        var text = Text();
        await FillAsync(text, "even");

        var (module, instance) = Load(text);
        Assert.Equal(1, Call(instance, "odd", 11));
        Assert.Equal(5, Call(instance, "back", 1));
        Assert.Equal(7, Call(instance, "forth", 0));
        Assert.Equal([4, 5], module.CompiledFunctions);
    }

    /// <summary>What was compiled was validated before, so bodies are not, but for those that are compiled still.</summary>
    [UnixFact]
    public async Task BodiesAreValidatedOnlyWhereTheyAreCompiled()
    {
        var text = Text();
        await FillAsync(text, "even");

        var (module, instance) = Load(text);
        Assert.Equal(1, Call(instance, "even", 10));
        Assert.Empty(module.Types.Bodies.Known);
        Assert.Equal(7, Call(instance, "forth", 0));
        Assert.Contains(5, module.Types.Bodies.Known);
        Assert.DoesNotContain(3, module.Types.Bodies.Known);
        Assert.Equal([1, 2, 3, 4, 5], Load(Text()).Module.Types.Bodies.Known);
    }

    /// <summary>It is known from before: to find it would take a look at all code.</summary>
    [UnixFact]
    public async Task TheStackOfAProgramIsWhereItWas()
    {
        var text = $$"""
            (module $stack{{Guid.NewGuid():N}}
              (memory 2) (global $other (mut i32) (i32.const 5)) (global $pointer (mut i32) (i32.const 65536))
              (func (export "even") (param i32) (result i32) (local $frame i32)
                (global.set $pointer (local.tee $frame (i32.sub (global.get $pointer) (i32.const 32))))
                (global.set $pointer (i32.add (local.get $frame) (i32.const 32)))
                (i32.eqz (i32.and (local.get 0) (i32.const 1)))))
            """;
        var compiled = Load(text).Module.StackLocation;
        Assert.Equal(new StackLocation(1, StackPointerSource.Frames), compiled);
        await Load(text).Module.FillCodeCacheAsync(_compiler, [0]);

        var (module, instance) = Load(text);
        Assert.Equal(compiled, module.StackLocation);
        Assert.Equal(1, Call(instance, "even", 10));
        Assert.Empty(module.CompiledFunctions);

        var without = Text();
        await FillAsync(without, "even");
        Assert.Null(Load(without).Module.StackLocation);
    }

    /// <summary>What stands before a function with a large frame has a name, too, by which code in other assemblies finds it.</summary>
    [UnixFact]
    public async Task FunctionsWithLargeFramesAreToldApart()
    {
        const int Enough = 6_000;
        var large = string.Concat(Enumerable.Repeat("(nop)", Enough));
        var text = $"""
            (func $one (param i32) (result i32) {large} (i32.add (local.get 0) (i32.const 1)))
            (func $two (param i32) (result i32) {large} (i32.add (local.get 0) (i32.const 2)))
            (func (export "both") (param i32) (result i32) (i32.add (i32.mul (call $one (local.get 0)) (i32.const 10)) (call $two (local.get 0))))
            """;
        await Load(text).Module.FillCodeCacheAsync(_compiler, [0, 1]);

        var (module, instance) = Load(text);
        Assert.Equal(12, Call(instance, "both", 0));
        Assert.Equal([2], module.CompiledFunctions);
    }

    [UnixFact]
    public async Task CallsSuspendInFramesOfBoth()
    {
        var text = Text();
        var (first, _) = Load(text);
        await first.FillCodeCacheAsync(_compiler, [1, 3]);

        var (module, instance) = Load(text);
        Assert.Equal(11, await instance.GetFunction<Func<int, Task<int>>>("wait")(1));
        Assert.NotEmpty(module.CompiledFunctions);
    }

    [UnixFact]
    public async Task WhatIsAddedLaterIsThereBesidesTheRest()
    {
        var text = Text();
        var (first, instance) = Load(text);
        Call(instance, "even", 4);
        await first.FillCodeCacheAsync(_compiler);
        var before = new FileInfo(CachedFile).Length;

        await first.FillCodeCacheAsync(_compiler, [1, 2, 3, 4, 5]);
        Assert.True(new FileInfo(CachedFile).Length > before);

        var (second, other) = Load(text);
        Assert.Equal(7, Call(other, "forth", 0));
        Assert.Empty(second.CompiledFunctions);
    }

    [UnixFact]
    public async Task ADamagedFileIsRemovedAndTheModuleCompiled()
    {
        var text = Text();
        await FillAsync(text, "even");
        var path = CachedFile;
        var good = File.ReadAllBytes(path);
        var places = Enumerable.Range(0, good.Length).Where(place => place < 256 || place % 97 == 0 || place > good.Length - 64).ToList();
        Assert.All(places, place =>
        {
            var bad = good.ToArray();
            bad[place] ^= 0x10;
            CheckRefused(bad);
        });
        CheckRefused([]);
        CheckRefused(good[..^1]);
        CheckRefused(good[..(good.Length / 2)]);

        void CheckRefused(byte[] content)
        {
            File.WriteAllBytes(path, content);
            var (module, instance) = Load(text);
            Assert.Equal(1, Call(instance, "even", 10));
            Assert.NotEmpty(module.CompiledFunctions);
            Assert.False(File.Exists(path));
        }
    }

    [UnixFact]
    public async Task AFileThatIsNoAssemblyIsRemoved()
    {
        var garbage = new NativeCompiler(Script("garbage", "echo nonsense > \"$3\""));
        var text = Text();
        var (module, _) = Load(text);
        Assert.True(await module.FillCodeCacheAsync(garbage, [1]));

        Assert.Equal(1, Call(Load(text).Instance, "even", 10));
        Assert.Empty(Directory.GetFiles(Cache.Folder, "*.dll"));
    }

    [UnixFact]
    public async Task AFileUnderTheNameOfAnotherIsNotUsed()
    {
        var (text, other) = (Text(), Text());
        await FillAsync(text, "even");
        var wrong = CachedFile;
        await Load(other).Module.FillCodeCacheAsync(_compiler, [1]);
        var right = Directory.GetFiles(Cache.Folder, "*.dll").Single(file => file != wrong);
        File.Move(wrong, right, overwrite: true);

        var (module, instance) = Load(other);
        Assert.Equal(1, Call(instance, "even", 10));
        Assert.Equal([1, 2], module.CompiledFunctions);
    }

    [UnixFact]
    public async Task ACompilerThatFailsLeavesNothingBehind()
    {
        var (module, _) = Load(Text());

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => module.FillCodeCacheAsync(new NativeCompiler(Script("fail", "echo no room >&2; exit 3")), [1]));
        Assert.EndsWith("ended with exit code 3: no room", failure.Message, StringComparison.Ordinal);
        var absent = await Assert.ThrowsAsync<InvalidOperationException>(() => module.FillCodeCacheAsync(new NativeCompiler(Path.Combine(_folder, "absent")), [1]));
        Assert.Contains("absent cannot be started: ", absent.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(Cache.Folder, "lock")], Directory.GetFileSystemEntries(Cache.Folder));
    }

    [UnixFact]
    public async Task OneFillsAtATime()
    {
        var (module, _) = Load(Text());
        using (Cache.TryLock())
            Assert.False(await module.FillCodeCacheAsync(_compiler, [1]));
        Assert.Empty(Directory.GetFiles(Cache.Folder, "*.dll"));
        Assert.True(await module.FillCodeCacheAsync(_compiler, [1]));
    }

    [UnixFact]
    public async Task WhatWasNotUsedForTheLongestTimeGoesFirst()
    {
        string[] texts = [Text(), Text(), Text(), Text()];
        var names = new List<string>();
        var cache = Cache;
        for (var i = 0; i < texts.Length; i++)
        {
            if (i == 3)
            {
                // Loading counts as use.
                Load(texts[0]);
                cache = new CodeCache(cache.Folder) { MinModuleBytes = 0, MaxBytes = Directory.GetFiles(cache.Folder, "*.dll").Sum(file => new FileInfo(file).Length) + 1_000 };
            }

            var module = Module.Parse(new Engine(new EngineOptions { CodeCache = cache }), texts[i]);
            await module.FillCodeCacheAsync(_compiler, [1]);
            var added = Directory.GetFiles(cache.Folder, "*.dll").Except(names).Single();
            names.Add(added);
            if (i < 3)
                File.SetLastWriteTimeUtc(added, DateTime.UtcNow.AddMinutes(i - 10));
        }

        Assert.Equal([names[0], names[2], names[3]], Directory.GetFiles(cache.Folder, "*.dll").OrderBy(names.IndexOf));
    }

    [UnixFact]
    public async Task WhatIsLargerThanTheCacheIsNotKept()
    {
        var cache = new CodeCache(Cache.Folder) { MinModuleBytes = 0, MaxBytes = 100 };
        var module = Module.Parse(new Engine(new EngineOptions { CodeCache = cache }), Text());

        await module.FillCodeCacheAsync(_compiler, [1]);
        Assert.Empty(Directory.GetFiles(cache.Folder, "*.dll"));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task AFolderThatOthersCanWriteToIsNotUsed()
    {
        var text = Text();
        await FillAsync(text, "even");
        File.SetUnixFileMode(Cache.Folder, File.GetUnixFileMode(Cache.Folder) | UnixFileMode.OtherWrite);

        var (module, instance) = Load(text);
        Call(instance, "even", 2);
        Assert.NotEmpty(module.CompiledFunctions);
        var exception = await Assert.ThrowsAsync<IOException>(() => module.FillCodeCacheAsync(_compiler));
        Assert.Contains("others than the owner can write there", exception.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task ItIsClosedToOthersAndCanBeCleared()
    {
        await FillAsync(Text(), "even");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Cache.Folder));

        Cache.Clear();
        Assert.Empty(Directory.GetFiles(Cache.Folder, "*.dll"));
        new CodeCache(Path.Combine(_folder, "none")).Clear();
    }

    [UnixFact]
    public async Task OptionsAreToldApart()
    {
        var text = Text();
        await FillAsync(text, "even");

        using var store = new Store(new Engine(new EngineOptions { CodeCache = Cache, UsesFuel = true })) { Fuel = 1_000 };
        var module = Module.Parse(store.Engine, text);
        Call(new Linker(store.Engine).Define("host", "wait", (int value) => value).Instantiate(store, module), "even", 4);
        Assert.NotEmpty(module.CompiledFunctions);
    }

    [Fact]
    public async Task FillingNeedsACacheAndFunctionsOfTheModule()
    {
        var compiler = new NativeCompiler("none");
        var withoutCache = await Assert.ThrowsAsync<InvalidOperationException>(() => Module.Parse(new Engine(), "(func)").FillCodeCacheAsync(compiler));
        Assert.Equal("The engine has no cache: set EngineOptions.CodeCache.", withoutCache.Message);
        var (module, _) = Load(Text());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => module.FillCodeCacheAsync(compiler, [0]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => module.FillCodeCacheAsync(compiler, [100]));
        await Assert.ThrowsAsync<NotSupportedException>(() =>
            Module.Parse(new Engine(new EngineOptions { CodeCache = Cache }), "(type (array i8))").FillCodeCacheAsync(compiler));
    }

    [UnixFact]
    public async Task SmallModulesAreCompiledEachTime()
    {
        var text = Text();
        await FillAsync(text, "even");

        var engine = new Engine(new EngineOptions { CodeCache = new CodeCache(Cache.Folder) });
        using var store = new Store(engine);
        var module = Module.Parse(engine, text);
        Call(new Linker(engine).Define("host", "wait", (int value) => value).Instantiate(store, module), "even", 4);
        Assert.NotEmpty(module.CompiledFunctions);
        Assert.False(await module.FillCodeCacheAsync(_compiler));
    }

    [Fact]
    public void CodeOfSmallModulesIsNotWorthAFile()
    {
        var (module, instance) = Load(Text());
        Call(instance, "even", 4);
        Assert.False(module.IsCodeCacheBehind);

        var large = string.Concat(Enumerable.Repeat("(local.set 0 (i32.add (local.get 0) (i32.const 1)))", 1_000));
        (module, instance) = Load($"(module {string.Concat(Enumerable.Range(0, 12).Select(i => $"(func (export \"f{i}\") (param i32) (result i32) {large} (local.get 0))"))})");
        for (var i = 0; i < 12; i++)
            Assert.Equal(1_000, Call(instance, $"f{i}", 0));
        Assert.True(module.IsCodeCacheBehind);
        using (module.Engine.Options.CodeCache!.TryLock())
            Assert.False(module.IsCodeCacheBehind);
    }

    [Fact]
    public void TheCompilerOfTheRunningVersionIsPreferred()
    {
        Assert.Null(NativeCompiler.FindIn(_folder));
        var package = Path.Combine(_folder, NativeCompiler.PackageName.ToLowerInvariant());
        var program = OperatingSystem.IsWindows() ? "crossgen2.exe" : "crossgen2";
        var running = Environment.Version;
        Add($"{running.Major - 1}.0.1");
        Add("nonsense");
        Assert.Null(NativeCompiler.FindIn(_folder));

        Add($"{running.Major}.{running.Minor}.1000");
        Add($"{running.Major}.{running.Minor}.999");
        Assert.Equal($"{running.Major}.{running.Minor}.1000", Found());
        Add($"{running.Major}.{running.Minor}.{running.Build}");
        Assert.Equal($"{running.Major}.{running.Minor}.{running.Build}", Found());

        string Found() => Path.GetRelativePath(package, NativeCompiler.FindIn(_folder)!.Path).Split(Path.DirectorySeparatorChar)[0];

        void Add(string version)
        {
            var tools = Directory.CreateDirectory(Path.Combine(package, version, "tools"));
            File.WriteAllText(Path.Combine(tools.FullName, program), "");
        }
    }

    /// <summary>A module that no other test has: what was loaded from a cache stays for the process.</summary>
    private static string Text([CallerMemberName] string test = "") => $"""
        (module ${test}{Guid.NewGuid():N}
          (import "host" "wait" (func $wait (param i32) (result i32)))
          (func $even (export "even") (param i32) (result i32)
            (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1)) (else (call $odd (i32.sub (local.get 0) (i32.const 1))))))
          (func $odd (export "odd") (param i32) (result i32)
            (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0)) (else (call $even (i32.sub (local.get 0) (i32.const 1))))))
          (func $through (export "wait") (param i32) (result i32)
            (i32.add (call $even (local.get 0)) (i32.add (call $forth (local.get 0)) (call $wait (i32.const 5)))))
          (func $back (export "back") (param i32) (result i32) (i32.add (call $even (local.get 0)) (i32.const 5)))
          (func $forth (export "forth") (param i32) (result i32) (i32.add (call $back (i32.add (local.get 0) (i32.const 2))) (i32.const 1))))
        """;

    private static int Call(Instance instance, string name, int argument) => instance.GetFunction(name).Invoke(argument)[0].AsI32();

    private (Module Module, Instance Instance) Load(string text)
    {
        var linker = new Linker(new Engine(new EngineOptions { CodeCache = Cache })).Define("host", "wait", async (int value) =>
        {
            await Task.Yield();
            return value;
        });
        var module = Module.Parse(linker.Engine, text);
        return (module, linker.Instantiate(new Store(linker.Engine), module));
    }

    /// <summary>Has the cache have what a call compiles.</summary>
    private async Task FillAsync(string text, string export)
    {
        var (module, instance) = Load(text);
        Call(instance, export, 4);
        Assert.Equal([1, 2], module.CompiledFunctions);
        Assert.True(await module.FillCodeCacheAsync(_compiler));
    }

    private string Script(string name, string commands)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{commands}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
