using System.Buffers.Binary;
using System.Text;
using Fermata.Emscripten.Abi;
using Fermata.Emscripten.Functions;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten;

/// <summary>The protocols that <c>getprotobyname</c> tells: <c>struct protoent</c> in memory that the program allocates when it first asks, and keeps.</summary>
internal sealed class ProtocolEntries
{
    private static readonly (string Name, int Number)[] All = [("tcp", SocketNumbers.Tcp), ("udp", SocketNumbers.Udp)];

    private readonly uint[] _entries = new uint[All.Length];

    public bool Any => Array.Exists(_entries, entry => entry != 0);

    /// <summary>The address of a protocol's entry; 0 if there is no such protocol, or no memory.</summary>
    public int Find(Caller caller, string? name) => EntryAt(caller, Array.FindIndex(All, protocol => string.Equals(protocol.Name, name, StringComparison.OrdinalIgnoreCase)));

    /// <inheritdoc cref="Find(Caller, string?)"/>
    public int Find(Caller caller, int number) => EntryAt(caller, Array.FindIndex(All, protocol => protocol.Number == number));

    private int EntryAt(Caller caller, int index)
    {
        if (index < 0)
            return 0;
        if (_entries[index] == 0)
            _entries[index] = Allocate(caller, All[index].Name, All[index].Number);
        return (int)_entries[index];
    }

    /// <summary>An entry: pointers to the name and to a list of one alias, and the number. The list, the name and the alias are behind it.</summary>
    private static uint Allocate(Caller caller, string name, int number)
    {
        const int listOffset = 12, nameOffset = listOffset + (2 * sizeof(uint));
        var names = Encoding.ASCII.GetBytes($"{name}\0{name.ToUpperInvariant()}\0");
        var address = GuestHeap.Allocate(caller, nameOffset + names.Length);
        if (address == 0)
            return 0;
        var entry = caller.GetSpan(address, (uint)(nameOffset + names.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(entry, address + nameOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], address + listOffset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[listOffset..], address + nameOffset + (uint)name.Length + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[(listOffset + sizeof(uint))..], 0);
        names.CopyTo(entry[nameOffset..]);
        return address;
    }
}
