using System.Runtime.InteropServices;

namespace Fermata.Emscripten.Abi;

/// <summary><c>struct addrinfo</c>: hints to, and results of <c>getaddrinfo</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AddrInfo(
    AddrInfoFlags Flags, int Family, int Type, int Protocol, int AddressLength, uint Address, uint CanonicalName, uint Next)
{
    public const int Size = 32;
}

/// <summary><c>AI_…</c>.</summary>
[Flags]
internal enum AddrInfoFlags
{
    None = 0,
    Passive = 1,
    CanonicalName = 2,
    NumericHost = 4,
    Mapped = 8,
    AllAddresses = 16,
    Configured = 32,
    NumericService = 1024,

    /// <summary>All that there are.</summary>
    All = Passive | CanonicalName | NumericHost | Mapped | AllAddresses | Configured | NumericService,
}

/// <summary><c>EAI_…</c>: errors of <c>getaddrinfo</c> and <c>getnameinfo</c>.</summary>
internal enum NameError
{
    None = 0,
    BadFlags = -1,
    NoName = -2,
    TryAgain = -3,
    Failed = -4,
    Family = -6,
    SocketType = -7,
    Service = -8,
    NoMemory = -10,
    Overflow = -12,
}
