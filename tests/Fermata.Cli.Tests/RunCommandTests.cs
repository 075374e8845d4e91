namespace Fermata.Cli.Tests;

public sealed class RunCommandTests : IDisposable
{
    private const string Functions = """
        (module
          (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
          (func (export "echo") (param i32 i64 f32 f64 externref) (result i32 i64 f32 f64 externref)
            (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4))
          (func $divide (export "divide") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
          (func (export "throw") (throw $t))
          (tag $t)
          (memory (export "memory") 1))
        """;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("add 1 2", "3\n")]
    [InlineData("add -1 0xffffffff", "-2\n")]
    [InlineData("echo -1 0x10 -0x1p-1 1e3 null", "-1\n16\n-0.5\n1000\nexternref:null\n")]
    [InlineData("echo 0 1_000 nan -inf null", "0\n1000\nnan\n-inf\nexternref:null\n")]
    public void Results_are_printed_one_a_line(string call, string expected)
    {
        var module = _folder.Add("functions.wat", Functions);

        Assert.Equal((0, expected, ""), _folder.Run(["run", "--invoke", call.Split(' ')[0], module, .. call.Split(' ')[1..]]));
    }

    [Fact]
    public void A_binary_module_runs_too()
    {
        var module = _folder.Add("functions.wat", Functions);
        _folder.Run("wasm", module, "-o", _folder["f.wasm"]);

        Assert.Equal((0, "7\n", ""), _folder.Run("run", "--invoke", "add", _folder["f.wasm"], "3", "4"));
    }

    [Theory]
    [InlineData("add 1", "add takes 2 arguments, found 1: its type is (func (param i32 i32) (result i32)).")]
    [InlineData("add 1 1.5", "argument 2, '1.5', is not of type i32: expected an integer")]
    [InlineData("add 1 4294967296", "argument 2, '4294967296', is not of type i32: expected an integer")]
    [InlineData("add 1 --frob", "argument 2, '--frob', is not of type i32: expected an integer")]
    [InlineData("echo 1 2 3 x null", "argument 4, 'x', is not of type f64: expected a number")]
    [InlineData("echo 1 2 3 4 5", "argument 5, '5', is not of type externref: expected null")]
    public void Arguments_that_do_not_fit_are_wrong_usage(string call, string problem)
    {
        var module = _folder.Add("functions.wat", Functions);

        var (exitCode, output, error) = _folder.Run(["run", "--invoke", call.Split(' ')[0], module, .. call.Split(' ')[1..]]);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"fermata: {problem}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", 1, "There is no exported function \"nothing\"; there are \"add\", ")]
    [InlineData("memory", 1, "The export \"memory\" is not a function but a memory.")]
    [InlineData("divide 0", 134, "trap: integer divide by zero\n  at divide\n")]
    [InlineData("throw", 134, "a WebAssembly exception was not caught")]
    public void What_goes_wrong_is_told_without_a_stack_trace_of_the_host(string call, int expected, string problem)
    {
        var module = _folder.Add("functions.wat", Functions);

        var (exitCode, output, error) = _folder.Run(["run", "--invoke", call.Split(' ')[0], module, .. call.Split(' ')[1..]]);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.StartsWith($"fermata: ~{Path.DirectorySeparatorChar}functions.wat: {problem}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Fermata.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_import_is_named_with_its_type_and_what_to_do()
    {
        var module = _folder.Add("m.wat", "(import \"env\" \"f\" (func (param i32))) (import \"env\" \"g\" (func))");

        var (exitCode, _, error) = _folder.Run("run", module);

        Assert.Equal(1, exitCode);
        Assert.Contains("unknown import \"env\" \"f\"", error, StringComparison.Ordinal);
        Assert.Contains("(func (param i32))", error, StringComparison.Ordinal);
        Assert.Contains("lists the 2 imports", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_start_is_called()
    {
        var module = _folder.Add("m.wat", "(func (export \"_start\") unreachable)");

        var (exitCode, _, error) = _folder.Run("run", module);

        Assert.Equal(134, exitCode);
        Assert.Contains("trap: unreachable\n  at _start", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_start_function_ran_nothing_is_said()
    {
        var module = _folder.Add("m.wat", "(func $main) (start $main)");

        Assert.Equal((0, "", ""), _folder.Run("run", module));
    }

    [Fact]
    public void Where_there_is_nothing_to_call_that_is_said()
    {
        var module = _folder.Add("m.wat", "(func)");

        var (exitCode, _, error) = _folder.Run("run", module);

        Assert.Equal(0, exitCode);
        Assert.Contains("no function _start to call, nor is any other exported.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_no_start_the_functions_are_named()
    {
        var module = _folder.Add("m.wat", "(func (export \"a\")) (func (export \"b\"))");

        var (exitCode, _, error) = _folder.Run("run", module);

        Assert.Equal(0, exitCode);
        Assert.Contains("no function _start to call, only \"a\", \"b\"; name one with --invoke.", error, StringComparison.Ordinal);
    }
}
