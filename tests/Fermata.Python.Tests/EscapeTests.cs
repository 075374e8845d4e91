namespace Fermata.Python.Tests;

/// <summary>What Python tries to reach that it was not given.</summary>
[Collection(nameof(Interpreters))]
public sealed class EscapeTests
{
    private static readonly Lazy<Task<PythonRuntime>> Shared = new(() => Interpreters.StartAsync(new PythonHost().Expose("f", () => 1)));

    [NpmTheory]
    [InlineData("import js", "ModuleNotFoundError")]
    [InlineData("from pyodide.code import run_js\nrun_js('1')", "ModuleNotFoundError")]
    [InlineData("import pyodide_js\npyodide_js.FS", "AttributeError")]
    [InlineData("import pyodide_js\npyodide_js._module", "AttributeError")]
    [InlineData("import pyodide_js\npyodide_js._api.rawRun", "AttributeError")]
    [InlineData("open('/etc/passwd')", "FileNotFoundError")]
    [InlineData("open('../../../../../../etc/hostname')", "FileNotFoundError")]
    [InlineData("import os\nos.symlink('/', '/tmp/root')\nos.listdir('/tmp/root/proc')", "FileNotFoundError")]
    [InlineData("import os\nos.fork()", "OSError")]
    [InlineData("import os\nif os.system('ls') != 0: raise OSError", "OSError")]
    [InlineData("import subprocess\nsubprocess.run(['ls'])", "OSError")]
    [InlineData("import socket\nsocket.create_connection(('127.0.0.1', 80), 1)", "PermissionError")]
    [InlineData("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:80/')", "URLError")]
    [InlineData("import ctypes\nctypes.CDLL('libc.so.6')", "OSError")]
    [InlineData("import host\nhost.f.__class__.__mro__[0].__init__.__globals__", "AttributeError")]
    [InlineData("import host\n[c for c in type(host.f).__subclasses__() if c.__name__ in ('Store', 'Engine')][0]", "IndexError")]
    [InlineData("import host\nhost.f.target", "AttributeError")]
    [InlineData("import host\nhost.f.method", "AttributeError")]
    [InlineData("import host\nhost.f.new()", "JsException")]
    [InlineData("import os\nif os.environ.get('PATH'): raise SystemExit\nos.environ['USER']", "KeyError")]
    public async Task IsNotThere(string source, string exception)
    {
        var python = await Shared.Value;
        Assert.Equal(exception, (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync(source))).Type);
    }

    [NpmFact]
    public async Task MemoryBeyondItsOwnEndsTheInterpreterAndNothingElse()
    {
        await using var python = await Interpreters.StartAsync();
        var reading = () => python.RunAsync("import ctypes\nctypes.string_at(2 ** 32 - 16, 16)");
        Assert.IsType<MemoryTrapException>((await Assert.ThrowsAsync<InvalidOperationException>(reading)).InnerException);
        var exception = Assert.Throws<InvalidOperationException>(() => python.Run("1"));
        Assert.StartsWith("Python has ended, and cannot be called any more: out of bounds memory access", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Interpreters.SharedAsync()).Evaluate<int>("1 + 1"));
    }
}
