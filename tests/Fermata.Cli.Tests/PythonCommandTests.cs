using System.Net;
using System.Net.Sockets;
using Fermata.Python.Tests.Packages;

namespace Fermata.Cli.Tests;

/// <summary><c>fermata python</c> as a process, with the package that npm installs and a cache that tests have in common.</summary>
public sealed class PythonCommandTests : IDisposable
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    private readonly Folder _folder = new();

    private static string Package => Path.GetDirectoryName(Packages["pyodide", "package.json"])!;

    private static string Cache => Path.Combine(AppContext.BaseDirectory, "cache");

    public void Dispose() => _folder.Dispose();

    [NpmFact]
    public async Task Code_has_its_arguments_and_gives_the_exit_code()
    {
        const string Code = "import sys; print(sys.argv, __name__, '__file__' in globals(), sys.path[0], sys.flags.inspect); print('wrong', file=sys.stderr); sys.exit(3)";

        Assert.Equal((3, "['-c', '-i', '--dir'] __main__ False  0\n", "wrong\n"), await RunAsync("-c", Code, "-i", "--dir"));
    }

    [NpmFact(IsHeavy = true)]
    public async Task A_script_needs_not_be_granted_and_sees_its_folder_only_if_it_is()
    {
        _folder.Add("modules/beside.py", "value = 42");
        var script = _folder.Add("modules/script.py", "import sys; print(sys.argv, __file__)\nimport beside\nprint(beside.value, open(sys.argv[1]).read())");
        _folder.Add("modules/data", "data");

        var (exitCode, output, error) = await RunAsync(script, "data");
        Assert.Equal((1, $"['{script}', 'data'] {script}\n"), (exitCode, output));
        Assert.Equal($"Traceback (most recent call last):\n  File \"{script}\", line 2, in <module>\n    import beside\nModuleNotFoundError: No module named 'beside'\n", error);

        const string Guest = "/home/pyodide/script.py";
        Assert.Equal((0, $"['{Guest}', 'data'] {Guest}\n42 data\n", ""), await RunAsync("--dir", $"{_folder["modules"]}::.:ro", script, "data"));
    }

    [NpmFact(IsHeavy = true)]
    public async Task Packages_of_wheels_are_there()
    {
        var wheels = Path.GetDirectoryName(_folder.Add("wheels/README", "no wheel"))!;
        new Wheel("pack-1.0-py3-none-any.whl").With("pack/__init__.py", "").With("pack/__main__.py", "import sys; print(sys.argv[1:])").WriteTo(wheels);

        Assert.Equal((0, "['a']\n", ""), await RunAsync("--wheels", wheels, "-m", "pack", "a"));

        var (exitCode, _, error) = await RunAsync("--wheels", Path.Combine(wheels, "README"), "-m", "pack");
        Assert.Equal(1, exitCode);
        Assert.EndsWith("README: that is not what a wheel is called: NAME-VERSION-PYTHON-ABI-PLATFORM.whl.\n", error, StringComparison.Ordinal);
    }

    [NpmFact(IsHeavy = true)]
    public async Task Hosts_that_may_be_connected_to_may_be_fetched()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        const string Code = """
            import sys
            from host import fetch
            from pyodide.ffi import run_sync
            for host in sys.argv[1:]:
                try:
                    print(run_sync(fetch(f'http://{host}/')).text)
                except PermissionError as error:
                    print(error)
            """;
        var run = RunAsync("--net", $"{listener.LocalEndpoint}", "-c", Code, $"{listener.LocalEndpoint}", "localhost:1");
        using (var connection = await listener.AcceptSocketAsync())
        {
            // What is closed with bytes that nobody has read is reset.
            await connection.ReceiveAsync(new byte[4096]);
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntext"u8.ToArray());
        }

        Assert.Equal((0, "text\nfetch may not connect to localhost:1.\n", ""), await run);
    }

    [NpmFact(IsHeavy = true)]
    public async Task A_module_reads_standard_input()
    {
        using var process = Start("-m", "json.tool", "--compact");
        await process.Input.WriteAsync("{ \"a\": [1, 2] }"u8.ToArray());
        process.Input.Close();

        Assert.Equal((0, "{\"a\":[1,2]}\n", ""), await process.EndAsync());
    }

    [NpmFact(IsHeavy = true)]
    public async Task Standard_input_is_a_script_where_none_is_named()
    {
        using var process = Start("-", "a");
        await process.Input.WriteAsync("import sys, atexit\natexit.register(print, 'end')\nprint(sys.argv, 'é')\n1 / 0"u8.ToArray());
        process.Input.Close();

        var (exitCode, output, error) = await process.EndAsync();
        Assert.Equal((1, "['-', 'a'] é\nend\n"), (exitCode, output));
        Assert.StartsWith("Traceback (most recent call last):\n  File \"<stdin>\", line 4, in <module>\n    1 / 0\n", error, StringComparison.Ordinal);
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData("print('!', end='')\nwhile True: pass")]
    [InlineData("import time\nprint('!', end='')\ntime.sleep(3600)")]
    [InlineData("print('!', end='')\ninput()")]
    public async Task Ctrl_C_is_an_exception_that_a_program_may_catch(string code)
    {
        var caught = string.Join("\n", code.Split('\n').Select(line => $"  {line}"));
        using var process = Start("-c", $"try:\n{caught}\nexcept KeyboardInterrupt:\n  print('caught')\n{code}");

        await process.ReadAsync(1);
        process.Send("INT");
        Assert.Equal("caught\n!"u8.ToArray(), await process.ReadAsync("caught\n!".Length));
        process.Send("INT");

        var (exitCode, output, error) = await process.EndAsync();
        Assert.Equal((130, ""), (exitCode, output));
        Assert.EndsWith("KeyboardInterrupt\n", error, StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task Its_time_ends_a_program_that_catches_everything()
    {
        const string Code = "while True:\n  try:\n    while True: pass\n  except BaseException: pass";

        Assert.Equal((124, "", "fermata: the time of the program was over (--timeout).\n"), await RunAsync("--timeout", "4s", "-c", Code));
    }

    [NpmFact]
    public async Task A_prompt_shows_values_waits_and_goes_on_after_exceptions()
    {
        using var process = Start("-i");
        await process.Input.WriteAsync("""
            x = 6
            x * 7
            _ + 1
            import asyncio
            async def f():
              await asyncio.sleep(0.01)
              return 'done'

            await f()
            from pyodide.ffi import run_sync
            run_sync(f())
            1 / 0
            exit(5)
            """u8.ToArray());
        process.Input.Close();

        var (exitCode, output, error) = await process.EndAsync();
        Assert.Equal((5, "42\n43\n'done'\n'done'\n"), (exitCode, output));
        Assert.StartsWith("Python 3.14.", error, StringComparison.Ordinal);
        Assert.Contains(">>> ... ... ... >>> ", error, StringComparison.Ordinal);
        Assert.Contains(">>> Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\nZeroDivisionError: division by zero\n>>> ", error, StringComparison.Ordinal);
    }

    [NpmFact(IsHeavy = true)]
    public async Task Ctrl_C_ends_a_statement_of_a_prompt_and_not_the_prompt()
    {
        using var process = Start("-i", "-c", "print('!', end='')");

        await process.ReadAsync(1);
        await process.Input.WriteAsync("print('+', end=''); import time; time.sleep(3600)\n"u8.ToArray());
        await process.Input.FlushAsync();
        await process.ReadAsync(1);
        process.Send("INT");
        await process.Input.WriteAsync("print('-', end='')\n"u8.ToArray());
        await process.Input.FlushAsync();
        Assert.Equal("-"u8.ToArray(), await process.ReadAsync(1));
        process.Input.Close();

        var (exitCode, output, error) = await process.EndAsync();
        Assert.Equal((0, ""), (exitCode, output));
        Assert.Contains("KeyboardInterrupt\n>>> ", error, StringComparison.Ordinal);
    }

    [NpmTheory]
    [InlineData("-c", "what is to be run is missing behind -c")]
    [InlineData("-x", "unknown option '-x'")]
    [InlineData("--dir d::/ -c 1", "--dir: Python's own files are at /")]
    [InlineData("--dir d::/tmp/../lib -c 1", "--dir: Python's own files are at /lib")]
    [InlineData("--dir d::/data --dir e::/data/ -c 1", "--dir: there are two directories for the path /data.")]
    [InlineData("--wheels w --dir d::/lib/python3.14/site-packages -c 1", "--dir: Python's own files are at /lib/python3.14/site-packages")]
    public void Wrong_usage_is_told_before_Python_starts(string arguments, string problem)
    {
        var (exitCode, output, error) = _folder.Run(["python", .. arguments.Split(' ')]);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"fermata: {problem}", error, StringComparison.Ordinal);
    }

    [NpmFact]
    public void A_script_that_is_not_there_or_not_text_is_told()
    {
        File.WriteAllBytes(_folder["latin.py"], [(byte)'#', 0xe9]);

        Assert.Equal((1, "", "fermata: ~/none.py: there is no such file.\n"), _folder.Run("python", _folder["none.py"]));
        Assert.Equal((1, "", "fermata: ~/latin.py: is not in UTF-8, which programs in Python are to be.\n"), _folder.Run("python", _folder["latin.py"]));
    }

    private static CliProcess Start(params string[] arguments) => CliProcess.Start(["python", "--pyodide", Package, "--cache", Cache, .. arguments]);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        process.Input.Close();
        return await process.EndAsync();
    }
}
