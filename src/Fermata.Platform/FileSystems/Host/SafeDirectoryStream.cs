using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.FileSystems;

/// <summary><c>DIR*</c> of the C library.</summary>
internal sealed class SafeDirectoryStream() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Libc.CloseDirectory(handle) == 0;
}
