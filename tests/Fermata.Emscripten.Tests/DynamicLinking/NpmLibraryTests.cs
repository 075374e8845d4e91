namespace Fermata.Emscripten.Tests.DynamicLinking;

/// <summary>Libraries as others have compiled them, for programs that others have compiled.</summary>
public sealed class NpmLibraryTests
{
    [NpmTheory]
    [InlineData("unaccent", false)]
    [InlineData("pg_stat_statements", false)]
    [InlineData("hstore", true)]
    public async Task An_extension_of_PostgreSQL_is_loaded(string extension, bool suspendsEverywhere)
    {
        var program = await NpmProgram.LoadAsync("@electric-sql/pglite", "dist/pglite.wasm", suspendsEverywhere);
        await using var instance = await program.StartAsync(new EmscriptenHost().WithUnknownImportsAsTraps());

        var library = await instance.LoadLibraryAsync(
            $"{extension}.so", Archive.Unpack(NpmProgram.PathOf("@electric-sql/pglite", $"dist/{extension}.tar.gz"), $"{extension}.so"));

        // The length of Pg_magic_struct, and PG_VERSION_NUM / 100.
        var magic = (await library.Instance.GetFunction("Pg_magic_func").InvokeAsync())[0].AsI32();
        Assert.Equal((64, 1800), (instance.Memory.Read<int>(magic), instance.Memory.Read<int>(magic + 4)));
        Assert.NotEqual(0u, library.GetAddress("Pg_magic_func"));
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData("extension", "redis", false)]
    [InlineData("extension", "redis", true)]
    [InlineData("zend_extension", "xdebug", false)]
    public async Task PHP_opens_an_extension(string setting, string extension, bool suspendsEverywhere)
    {
        await using var php = await Php.StartAsync(suspendsEverywhere);
        php.Files.AddDirectory("/lib");
        php.Files.AddFile($"/lib/{extension}.so", await File.ReadAllBytesAsync(NpmProgram.PathOf("@php-wasm/node-8-4", $"jspi/extensions/{extension}/{extension}.so")));
        php.Files.AddText("/internal/shared/php.ini", $"display_errors = stdout\nhtml_errors = 0\n{setting} = /lib/{extension}.so\n");

        var result = await php.RunAsync($"echo extension_loaded('{extension}') ? 'loaded' : 'absent', ' ', count(get_extension_funcs('{extension}') ?: []) + count((new ReflectionExtension('{extension}'))->getClasses()) > 0;");

        Assert.Equal((0, "loaded 1"), result);
    }
}
