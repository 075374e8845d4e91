using System.Diagnostics;
using System.Globalization;

namespace Fermata.Emscripten.Tests.Locks;

/// <summary>Another process, in which a program locks the file of a folder as it is told: a line for each command, and one for what came of it.</summary>
internal sealed class LockingChild : IDisposable
{
    /// <summary>The first argument of the process.</summary>
    public const string Command = "lock";

    private readonly Process _process;

    public LockingChild(string folder) => _process = Child.Start(Command, folder);

    /// <summary>Runs the process.</summary>
    public static async Task RunAsync(string folder)
    {
        await using var program = await LockingProgram.StartAsync(new HostFileSystem(folder));
        var fd = await program.OpenAsync();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            int[] numbers = [.. line.Split(' ').Select(static number => int.Parse(number, CultureInfo.InvariantCulture))];
            Console.WriteLine(await program.LockAsync(fd, numbers[0], numbers[1], numbers[2], numbers[3]));
        }
    }

    /// <summary>Has it run a command of <c>fcntl</c>.</summary>
    public async Task<Errno> LockAsync(int command, int kind, int start, int length)
    {
        await _process.StandardInput.WriteLineAsync($"{command} {kind} {start} {length}");
        return Enum.Parse<Errno>(await _process.StandardOutput.ReadLineAsync() ?? "");
    }

    /// <summary>Ends it as no program can help.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
