using System.Runtime.InteropServices;

namespace Fermata.Wasi;

/// <summary>A hint to, and a result of <c>sock_getaddrinfo</c>: <c>addrinfo</c>. Results are a list that the program has made.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AddressInfo(
    ushort Flags, byte Family, byte Type, byte Protocol, uint AddressLength, uint Address, uint CanonicalName, uint CanonicalNameLength, uint Next);

/// <summary>The address in an <see cref="AddressInfo"/>: <c>sockaddr</c>. Its data begin with the port, in the order of the network.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AddressData(byte Family, uint Length, uint Data);
