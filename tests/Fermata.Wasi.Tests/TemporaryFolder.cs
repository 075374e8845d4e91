using System.Diagnostics;

namespace Fermata.Wasi.Tests;

/// <summary>A folder of its own for a test, which is deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fermata-").FullName;

    /// <summary>Makes a named pipe.</summary>
    public void AddPipe(string name)
    {
        using var process = Process.Start("mkfifo", [System.IO.Path.Combine(Path, name)]);
        process.WaitForExit();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
