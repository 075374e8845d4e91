using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Fermata.Emscripten.Abi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>The list that <c>getaddrinfo</c> gives.</summary>
/// <remarks>
/// Emscripten's <c>freeaddrinfo</c> frees the first entry and the address of that, and nothing else. So all further entries, their addresses and the name are in one block with the
/// address of the first.
/// </remarks>
internal static class AddressList
{
    /// <summary>So many addresses are told at most, as musl does (<c>MAXADDRS</c>).</summary>
    private const int Most = 48;

    private const int EntrySize = AddrInfo.Size + SockAddr.LongestSize;

    /// <summary>Writes a list to memory that the program allocates.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="addresses">The addresses, at least one.</param>
    /// <param name="type">The type of their sockets.</param>
    /// <param name="canonicalName">The name to tell; null for none.</param>
    /// <returns>The address of the first entry; 0 if there is no memory.</returns>
    public static uint Allocate(Caller caller, ReadOnlySpan<IPEndPoint> addresses, int type, string? canonicalName)
    {
        addresses = addresses[..Math.Min(addresses.Length, Most)];
        byte[] name = canonicalName is null ? [] : Encoding.UTF8.GetBytes(canonicalName + '\0');
        var (first, rest) = (GuestHeap.Allocate(caller, AddrInfo.Size), GuestHeap.Allocate(caller, SizeOfRest(addresses.Length) + name.Length));
        if (first == 0 || rest == 0)
            return 0;
        var block = caller.GetSpan(rest, (uint)(SizeOfRest(addresses.Length) + name.Length));
        name.CopyTo(block[SizeOfRest(addresses.Length)..]);
        for (var i = 0; i < addresses.Length; i++)
        {
            var address = addresses[i];

            // The entry of a further address is before that.
            var at = i * EntrySize;
            var entry = new AddrInfo(
                AddrInfoFlags.None, SocketNumbers.Of(address.AddressFamily), type, SocketNumbers.ProtocolOf(type), SockAddr.SizeOf(address), rest + (uint)at,
                i == 0 && canonicalName is not null ? rest + (uint)SizeOfRest(addresses.Length) : 0, i + 1 < addresses.Length ? rest + (uint)(at + SockAddr.LongestSize) : 0);
            SockAddr.Write(block.Slice(at, SockAddr.SizeOf(address)), address);
            if (i == 0)
                caller.Write(first, entry);
            else
                MemoryMarshal.Write(block[(at - AddrInfo.Size)..], entry);
        }

        return first;
    }

    /// <summary>The bytes of all but the first entry and the name.</summary>
    private static int SizeOfRest(int count) => (count * EntrySize) - AddrInfo.Size;
}
