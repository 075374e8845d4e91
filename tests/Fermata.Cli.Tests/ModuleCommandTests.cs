namespace Fermata.Cli.Tests;

/// <summary>The commands that look at modules without running them.</summary>
public sealed class ModuleCommandTests : IDisposable
{
    private static readonly char Slash = Path.DirectorySeparatorChar;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Validation_goes_on_after_a_module_that_is_wrong()
    {
        var invalid = _folder.Add("invalid.wat", "(module\n  (func (result i32)))");
        var malformed = _folder.Add("malformed.wat", "(module");
        var truncated = _folder.Add("truncated.wasm", "\0asm\u0001\0");
        var valid = _folder.Add("valid.wat", "(module)");

        var (exitCode, output, error) = _folder.Run("validate", invalid, malformed, truncated, _folder["none.wasm"], _folder[""], valid);

        Assert.Equal((1, $"~{Slash}valid.wat: valid\n"), (exitCode, output));
        var lines = error.Split('\n');
        Assert.StartsWith($"~{Slash}invalid.wat:2:21: invalid: type mismatch", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"~{Slash}malformed.wat:1:8: malformed: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"~{Slash}truncated.wasm: malformed: unexpected end", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("(at byte 0x6)", lines[2], StringComparison.Ordinal);
        Assert.Equal($"~{Slash}none.wasm: there is no such file.", lines[3]);
        Assert.Equal("~: is a folder; expected a file.", lines[4]);
    }

    [Fact]
    public void A_module_is_written_beside_its_text()
    {
        var text = _folder.Add("m.wat", "(module (func (export \"f\") (result i32) (i32.const 5)))");

        var (exitCode, output, error) = _folder.Run("wasm", text);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal($"~{Slash}m.wasm: {new FileInfo(_folder["m.wasm"]).Length} bytes\n", output);
        Assert.Equal((0, "5\n", ""), _folder.Run("run", "--invoke", "f", _folder["m.wasm"]));
    }

    [Fact]
    public void A_module_that_is_invalid_is_not_written()
    {
        var text = _folder.Add("m.wat", "(module (func (result i32)))");

        var (exitCode, _, error) = _folder.Run("wasm", text);

        Assert.Equal(1, exitCode);
        Assert.Contains("m.wat:1:27: invalid: type mismatch", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["m.wasm"]));
    }

    [Fact]
    public void A_binary_module_is_not_assembled_again()
    {
        _folder.Run("wasm", _folder.Add("m.wat", "(module)"));

        Assert.Equal((1, "", $"fermata: ~{Slash}m.wasm: is in the binary format already; expected text.\n"), _folder.Run("wasm", _folder["m.wasm"]));
    }

    [Fact]
    public void Inspection_shows_imports_exports_sizes_and_what_may_suspend()
    {
        var module = _folder.Add("m.wat", """
            (module $demo
              (import "env" "wait" (func $wait (param i32) (result i32)))
              (import "env" "memory" (memory 1 2))
              (global $g (mut i32) (i32.const 0))
              (table 3 funcref)
              (elem (i32.const 0) $outer $pure)
              (data (i32.const 8) "hello")
              (func $pure (export "pure") (result i32) (i32.const 1))
              (func $inner (result i32) (call $wait (i32.const 1)))
              (func $outer (export "outer") (result i32) (call $inner)))
            """);

        var (exitCode, output, _) = _folder.Run("inspect", module);

        Assert.Equal(0, exitCode);
        var lines = output.Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.StartsWith($"~{Slash}m.wat: module \"demo\", ", lines[0], StringComparison.Ordinal);
        string[] expected =
        [
            "imports (2)", "  \"env\" \"wait\" (func (param i32) (result i32))", "  \"env\" \"memory\" (memory 1 2)",
            "exports (2)", "  \"pure\" (func (result i32))", "  \"outer\" (func (result i32))",
            "  functions  3, and 1 imported", "  memories   (memory 1 2) of 64 KiB pages imported", "  tables     (table 3 funcref)",
            "  globals    1", "  elements   2, in segments: 1", "  data       5 bytes, in segments: 1",
            "may suspend: 2 of 3 functions", "  function 2 \"inner\"", "  function 3 \"outer\"",
        ];
        Assert.Equal(expected, expected.Where(lines.Contains));
        Assert.DoesNotContain("  function 1 \"pure\"", lines);
    }

    [Theory]
    [InlineData("", "none is found")]
    [InlineData("(global i32 (i32.const 0)) (global $__stack_pointer (mut i32) (i32.const 16))", "its pointer is global 1 \"__stack_pointer\", named in the name section")]
    [InlineData("(global (export \"__stack_pointer\") (mut i32) (i32.const 16))", "its pointer is global 0 \"__stack_pointer\", exported")]
    [InlineData("(global (mut i32) (i32.const 16)) (func (export \"stackSave\") (result i32) (global.get 0))", "its pointer is global 0, found by Emscripten's functions for it")]
    [InlineData(
        "(global (mut i32) (i32.const 16)) (func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 16)))) (global.set 0 (i32.add (local.get 0) (i32.const 16))))",
        "its pointer is global 0, found by the frames that functions take from it")]
    public void Inspection_tells_where_the_c_stack_is(string fields, string stack)
    {
        var output = _folder.Run("inspect", _folder.Add("m.wat", $"(module (memory 1) {fields})")).Output;

        Assert.Contains($"\nC stack: {stack}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Custom_sections_are_listed_with_what_is_wrong_in_them()
    {
        var right = _folder.Add("right.wat", "(@custom \"my\\00section\" \"abc\") (func $f)");
        var wrong = _folder.Add("wrong.wat", "(@custom \"name\" \"\\63\")");

        var listed = _folder.Run("inspect", right).Output;
        var (exitCode, output, _) = _folder.Run("inspect", wrong);

        Assert.Contains("custom sections (2)", listed, StringComparison.Ordinal);
        Assert.Contains("  \"my\\u{0}section\" 3 bytes", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong in them", listed, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Assert.Contains("  what is wrong in them, and ignored: custom @name: invalid name subsection id (at line 1, column 1)\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_in_custom_sections_is_a_warning()
    {
        var text = _folder.Add("m.wat", "(module\n  (func $f)\n  (@custom \"name\" \"\\01\\03\\01\\07\\00\\63\\00\"))");
        string[] problems = ["custom @name: invalid function index 7", "custom @name: invalid name subsection id"];
        var written = _folder.Run("wasm", text);
        var binary = _folder["m.wasm"];

        Assert.Equal((0, string.Concat(problems.Select(problem => $"~{Slash}m.wat:3:3: warning: {problem}\n"))), (written.ExitCode, written.Error));
        Assert.Equal((0, $"~{Slash}m.wat: valid\n", written.Error), _folder.Run("validate", text));
        Assert.Equal(
            (0, $"~{Slash}m.wasm: valid\n", $"~{Slash}m.wasm: warning: {problems[0]} (at byte 0x22)\n~{Slash}m.wasm: warning: {problems[1]} (at byte 0x24)\n"),
            _folder.Run("validate", binary));
        foreach (var problem in problems)
            Assert.Contains($"  what is wrong in them, and ignored: {problem} (at byte 0x2", _folder.Run("inspect", binary).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_name_section_is_kept_in_text()
    {
        _folder.Run("wasm", _folder.Add("m.wat", "(module\n  (func $f)\n  (@custom \"name\" \"\\01\\03\\01\\07\\00\"))"));

        var text = _folder.Run("wat", _folder["m.wasm"]).Output;
        _folder.Run("wasm", _folder.Add("n.wat", text));

        Assert.Contains("(@custom \"name\" (after code) \"\\01\\03\\01\\07\\00\")", text, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder["m.wasm"]), File.ReadAllBytes(_folder["n.wasm"]));
    }

    [Fact]
    public void Many_functions_that_may_suspend_are_listed_on_request()
    {
        var functions = string.Concat(Enumerable.Repeat("(func (call 0))", 15));
        var module = _folder.Add("m.wat", $"(import \"a\" \"b\" (func)) {functions}");

        var some = _folder.Run("inspect", module).Output;
        var all = _folder.Run("inspect", module, "--all").Output;

        Assert.Contains("… and 5 more; --all lists them", some, StringComparison.Ordinal);
        Assert.DoesNotContain("  function 15\n", some, StringComparison.Ordinal);
        Assert.Contains("  function 15\n", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n    (i32.eqz (local.get 0))))\n")]
    [InlineData("\n    (i32.eqz (local.get 0))))\n", "--folded")]
    [InlineData("\n    local.get 0\n    i32.eqz))\n", "--flat")]
    public void A_module_is_printed_as_text(string end, params string[] options)
    {
        var module = _folder.Add("m.wat", "(module (func $f (param i32) (drop (local.get 0))) (func (param i32) (result i32) (i32.eqz (local.get 0))))");
        _folder.Run("wasm", module);

        var (exitCode, output, error) = _folder.Run(["wat", _folder["m.wasm"], .. options]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("(module\n  (type (;0;) (func (param i32)))\n  (type (;1;) (func (param i32) (result i32)))\n  (func $f (type 0)", output, StringComparison.Ordinal);
        Assert.EndsWith(end, output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_written_to_a_file_and_assembled_from_it()
    {
        _folder.Run("wasm", _folder.Add("m.wat", "(module (func (export \"ü\") (result i32) (i32.const 5)))"));

        var (exitCode, output, error) = _folder.Run("wat", _folder["m.wasm"], "-o", _folder["n.wat"]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal($"~{Slash}n.wat: {new FileInfo(_folder["n.wat"]).Length} bytes\n", output);
        Assert.StartsWith("(module\n", File.ReadAllText(_folder["n.wat"]), StringComparison.Ordinal);
        Assert.Equal((0, "5\n", ""), _folder.Run("run", "--invoke", "ü", _folder["n.wat"]));
    }

    [Fact]
    public void What_cannot_be_printed_is_an_error()
    {
        var invalid = _folder.Add("invalid.wat", "(module (func (result i32)))");
        var valid = _folder.Add("valid.wat", "(module)");

        Assert.StartsWith($"fermata: ~{Slash}invalid.wat:1:27: invalid: type mismatch", _folder.Run("wat", invalid).Error, StringComparison.Ordinal);
        Assert.Equal((1, "", $"fermata: ~{Slash}none.wasm: there is no such file.\n"), _folder.Run("wat", _folder["none.wasm"]));
        Assert.Equal(1, _folder.Run("wat", valid, "-o", _folder["none/m.wat"]).ExitCode);
        Assert.Equal((2, "", "fermata: --flat and --folded exclude each other.\nTry 'fermata wat --help'.\n"), _folder.Run("wat", valid, "--flat", "--folded"));
    }
}
