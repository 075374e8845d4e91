namespace Fermata.Platform.FileSystems;

/// <summary>A directory of devices, and what is told of each.</summary>
internal sealed class DeviceTree(Device[] devices)
{
    private const ulong RootInode = 1;

    private readonly ulong _number = DeviceNumber.Next();

    public FileStatus Status => new() { Kind = FileKind.Directory, Device = _number, Inode = RootInode, LinkCount = 2 };

    public DirectoryEntry[] Entries => [.. devices.Select(device => new DirectoryEntry(device.Name, FileKind.CharacterDevice, InodeOf(device)))];

    public Result<Device> Find(string name)
    {
        if (EntryName.Check(name) is not Errno.None and var error)
            return error;
        return Array.Find(devices, device => device.Name == name) is { } found ? found : Errno.ENOENT;
    }

    public FileStatus GetStatus(Device device) => new()
    {
        Kind = FileKind.CharacterDevice,
        Device = _number,
        Inode = InodeOf(device),
        LinkCount = 1,
        RepresentedDevice = (ulong)((device.Major << 8) | device.Minor),
    };

    private ulong InodeOf(Device device) => RootInode + 1 + (ulong)Array.IndexOf(devices, device);
}
