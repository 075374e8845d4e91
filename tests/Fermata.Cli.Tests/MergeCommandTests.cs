namespace Fermata.Cli.Tests;

public sealed class MergeCommandTests : IDisposable
{
    private static readonly char Slash = Path.DirectorySeparatorChar;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Modules_become_one()
    {
        var first = _folder.Add("a.wat", "(module (import \"b\" \"five\" (func $five (result i32))) (func (export \"ten\") (result i32) (i32.add (call $five) (call $five))))");
        var second = _folder.Add("b.wat", "(module (import \"a\" \"none\" (func)) (func (export \"five\") (result i32) (i32.const 5)))");
        _folder.Run("wasm", second);

        var (exitCode, output, error) = _folder.Run("merge", first, "a", _folder["b.wasm"], "b", "-o", _folder["out.wasm"]);

        Assert.Equal((0, $"note: ~{Slash}b.wasm: import \"a\" \"none\" stays, as ~{Slash}a.wat has no such export\n"), (exitCode, error));
        var size = new FileInfo(_folder["out.wasm"]).Length;
        Assert.Equal($"~{Slash}out.wasm: {size} bytes, imports: 1 resolved, 1 left, exports: 2\n", output);
        Assert.Equal((0, $"~{Slash}out.wasm: valid\n", ""), _folder.Run("validate", _folder["out.wasm"]));
    }

    [Fact]
    public void A_merged_module_runs()
    {
        var first = _folder.Add("a.wat", "(module (func (export \"f\") (result i32) (i32.const 1)))");
        var second = _folder.Add("b.wat", "(module (import \"a\" \"f\" (func $f (result i32))) (func (export \"f\") (result i32) (i32.add (call $f) (i32.const 1))))");

        _folder.Run("merge", first, "a", second, "b", "-o", _folder["out.wasm"], "--rename-export-conflicts");

        Assert.Equal((0, "2\n", ""), _folder.Run("run", "--invoke", "b.f", _folder["out.wasm"]));
    }

    [Fact]
    public void Modules_of_one_name_import_from_each_other()
    {
        var first = _folder.Add("a.wat", "(module (import \"env\" \"f\" (func $f (result i32))) (func (export \"g\") (result i32) (i32.const 1)) (func (export \"test\") (result i32) (call $f)))");
        var second = _folder.Add("b.wat", "(module (import \"env\" \"g\" (func $g (result i32))) (func (export \"f\") (result i32) (i32.add (i32.const 10) (call $g))))");

        var (exitCode, output, error) = _folder.Run("merge", first, "env", second, "env", "-o", _folder["out.wasm"]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.EndsWith("imports: 2 resolved, 0 left, exports: 3\n", output, StringComparison.Ordinal);
        Assert.Equal((0, "11\n", ""), _folder.Run("run", "--invoke", "test", _folder["out.wasm"]));
    }

    [Fact]
    public void A_module_imports_from_itself()
    {
        var module = _folder.Add("a.wat", "(module (import \"env\" \"f\" (func $f (result i32))) (func (export \"f\") (result i32) (i32.const 5)) (func (export \"test\") (result i32) (call $f)))");

        Assert.Equal(0, _folder.Run("merge", module, "env", "-o", _folder["out.wasm"]).ExitCode);

        Assert.Equal((0, "5\n", ""), _folder.Run("run", "--invoke", "test", _folder["out.wasm"]));
    }

    [Fact]
    public void Exports_of_one_name_of_modules_of_one_name_are_an_error()
    {
        var first = _folder.Add("a.wat", "(module (func (export \"f\")))");
        var second = _folder.Add("b.wat", "(module (func (export \"f\")))");
        var importer = _folder.Add("c.wat", "(module (import \"env\" \"f\" (func)))");

        var conflict = _folder.Run("merge", first, "env", second, "env", "-o", _folder["out.wasm"]);
        var ambiguous = _folder.Run("merge", first, "env", second, "env", importer, "main", "-o", _folder["out.wasm"], "--rename-export-conflicts");

        Assert.Equal((1, "", $"fermata: ~{Slash}b.wat: export \"f\" is also one of ~{Slash}a.wat (--rename-export-conflicts renames it)\n"), conflict);
        var problem = $"import \"env\" \"f\" may be the export of ~{Slash}a.wat or that of ~{Slash}b.wat; give these modules names of their own";
        Assert.Equal((1, "", $"fermata: ~{Slash}c.wat: {problem}\n"), ambiguous);
    }

    [Fact]
    public void Modules_that_do_not_fit_together_are_not_written()
    {
        var first = _folder.Add("a.wat", "(module (func (export \"f\")))");
        var second = _folder.Add("b.wat", "(module (import \"a\" \"f\" (func (param i32))))");

        var result = _folder.Run("merge", first, "a", second, "b", "-o", _folder["out.wasm"]);

        var problem = "incompatible import type \"a\" \"f\": the module expects (func (param i32)), found (func)";
        Assert.Equal((1, "", $"fermata: ~{Slash}b.wat: {problem}\n"), result);
        Assert.False(File.Exists(_folder["out.wasm"]));
    }

    [Fact]
    public void A_module_that_is_invalid_is_told_with_its_file()
    {
        var (exitCode, _, error) = _folder.Run("merge", _folder.Add("a.wat", "(module\n  (func (result i32)))"), "a", "-o", _folder["out.wasm"]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"fermata: ~{Slash}a.wat:2:21: invalid: type mismatch", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_error()
    {
        var (exitCode, _, error) = _folder.Run("merge", _folder.Add("a.wat", "(module)"), "a", "-o", _folder["none/out.wasm"]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"fermata: ~{Slash}none/out.wasm: ", error, StringComparison.Ordinal);
    }
}
