using System.Text;
using Fermata.Emscripten;

namespace Fermata.Samples.Postgres;

/// <summary>What PGlite's programs call in place of <c>system</c>, <c>popen</c> and <c>pclose</c>: other programs.</summary>
/// <param name="instance">The program that calls.</param>
internal sealed class ProgramCalls(EmscriptenInstance instance)
{
    /// <summary>The file with what the calling program writes to the one that <see cref="Write"/> runs.</summary>
    public const string Written = PostgresPackage.Shared + "/to-program";

    /// <summary>The command that what is being written is for.</summary>
    private string? _command;

    /// <summary>Runs a command: the exit code.</summary>
    public required Func<string, Task<int>> Run { get; init; }

    /// <summary>Runs a command: the path of a file with what it has written.</summary>
    public required Func<string, Task<string>> Read { get; init; }

    /// <summary>Runs a command, which reads <see cref="Written"/>: the exit code.</summary>
    public Func<string, Task<int>> Write { get; init; } = command => throw new NotSupportedException(command);

    /// <summary>Gives the program these functions.</summary>
    public void Define()
    {
        Set("pgl_set_system_fn", (int command) => Run(instance.Memory.ReadUtf8(command)));
        Set("pgl_set_popen_fn", OpenAsync);
        Set("pgl_set_pclose_fn", CloseAsync);
    }

    private void Set(string setter, Delegate function) => instance.GetFunction(setter).Invoke(instance.AddFunction(function));

    private async Task<int> OpenAsync(int command, int mode)
    {
        var text = instance.Memory.ReadUtf8(command);
        if (instance.Memory.ReadUtf8(mode) != "w")
            return OpenFile(await Read(text), "r");
        _command = text;
        return OpenFile(Written, "w");
    }

    private async Task<int> CloseAsync(int file)
    {
        instance.GetFunction("fclose").Invoke(file);
        var command = _command;
        _command = null;
        return command is null ? 0 : await Write(command);
    }

    private int OpenFile(string path, string mode)
    {
        var bytes = Encoding.UTF8.GetBytes($"{path}\0{mode}\0");
        var text = instance.GetFunction("malloc").Invoke(bytes.Length)[0].AsI32();
        bytes.CopyTo(instance.Memory.GetSpan(text, bytes.Length));
        return instance.GetFunction("fopen").Invoke(text, text + path.Length + 1)[0].AsI32();
    }
}
