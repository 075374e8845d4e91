using System.Runtime.InteropServices;

namespace Fermata.Platform.Tests.FileSystems;

public sealed partial class LinuxErrorsTests
{
    private const int LastNumber = 133;

    [Fact]
    public void EachNumberHasTheNameThatTheSystemHasForIt()
    {
        for (var number = 1; number <= LastNumber; number++)
        {
            var name = Marshal.PtrToStringUTF8(NameOf(number));
            var expected = name == "EOPNOTSUPP" ? Errno.ENOTSUP : Enum.TryParse<Errno>(name, out var error) ? error : Errno.EIO;
            Assert.True(expected == LinuxErrors.ToErrno(number), $"{number} is {name}, and not {LinuxErrors.ToErrno(number)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "strerrorname_np")]
    private static partial nint NameOf(int number);
}
