namespace Fermata.Tests.Shared;

/// <summary>The working copy that a test assembly was built in. Compiled into each project that needs it.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder.</summary>
    /// <exception cref="DirectoryNotFoundException">The assembly is not in a working copy.</exception>
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Fermata.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is in no working copy of the repository.");
        return folder;
    }
}
