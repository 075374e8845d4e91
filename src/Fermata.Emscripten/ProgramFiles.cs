using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Emscripten;

/// <summary>The tree of files that a program sees.</summary>
internal static class ProgramFiles
{
    private const string Root = "/", Devices = "/dev";

    /// <summary>What Emscripten has where nothing is said.</summary>
    private static readonly string[] Usual = ["/tmp", "/home/web_user"];

    public static FileSystem Of(ProgramSettings settings)
    {
        var mounts = settings.Directories.Where(directory => directory.Name != Root).ToList();
        if (!mounts.Exists(directory => directory.Name.TrimEnd('/') == Devices))
            mounts.Add((Devices, new DeviceFileSystem(settings.Random, settings.Input, settings.Output, settings.Error)));
        return new MountFileSystem(settings.Directories.Find(directory => directory.Name == Root).FileSystem ?? NewRoot(), mounts);
    }

    private static MemoryFileSystem NewRoot()
    {
        var root = new MemoryFileSystem();
        foreach (var path in Usual)
            root.AddDirectory(path);
        return root;
    }
}
