namespace Fermata.Tests.Hosting;

/// <summary>A test that needs a shell and the modes of files.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "It runs a shell.";
    }
}
