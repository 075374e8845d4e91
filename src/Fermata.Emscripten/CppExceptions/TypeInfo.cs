using System.Text;

namespace Fermata.Emscripten.CppExceptions;

/// <summary>A <c>std::type_info</c> in the memory of a program (Itanium C++ ABI, "RTTI Layout").</summary>
/// <remarks>All members throw <see cref="ArgumentOutOfRangeException"/> where they would have to look outside the memory.</remarks>
internal readonly record struct TypeInfo(Memory Memory, uint Address)
{
    /// <summary>What it is itself an object of, where it stands for a class with one base, at offset 0, or with any bases.</summary>
    private const string OneBase = "N10__cxxabiv120__si_class_type_infoE", AnyBases = "N10__cxxabiv121__vmi_class_type_infoE";

    /// <summary>How the names of all classes begin and end of which it can be an object.</summary>
    private const string Prefix = "N10__cxxabiv1", Suffix = "_type_infoE";

    private const ulong NameOffset = 4, BaseOffset = 8, CountOffset = 12, BasesOffset = 16, BaseSize = 8;

    /// <summary>How many bases are looked at.</summary>
    private const int MostBases = 100;

    private const int LongestName = 1000, IsVirtual = 1, IsPublic = 2, OffsetShift = 8;

    /// <summary>The mangled name.</summary>
    public string Name => ReadName(Address);

    /// <summary>Whether there is one: the table of virtual functions that it points to is of a class of the C++ library that types have.</summary>
    public bool IsOne => Kind is var kind && kind.StartsWith(Prefix, StringComparison.Ordinal) && kind.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The mangled name of its own class, which lies in front of that table.</summary>
    private string Kind => ReadName(Read(Read(Address) - (ulong)sizeof(int)));

    /// <summary>Where in its objects that of a base begins, or of the class itself; null if it has no such public base, or only as a virtual one.</summary>
    /// <param name="name">The mangled name of the base.</param>
    public int? OffsetOf(string name)
    {
        var rest = MostBases;
        return OffsetOf(name, ref rest);
    }

    private int? OffsetOf(string name, ref int rest)
    {
        if (rest-- <= 0)
            return null;
        if (Name == name)
            return 0;
        switch (Kind)
        {
            case OneBase:
                return BaseAt(Address + BaseOffset).OffsetOf(name, ref rest);
            case AnyBases:
                var count = Read(Address + CountOffset);
                for (var i = 0u; i < count && rest > 0; i++)
                {
                    var place = Address + BasesOffset + (i * BaseSize);
                    var flags = (int)Read(place + (ulong)sizeof(int));
                    if ((flags & (IsVirtual | IsPublic)) == IsPublic && BaseAt(place).OffsetOf(name, ref rest) is { } offset)
                        return offset + (flags >> OffsetShift);
                }

                return null;
            default:
                return null;
        }
    }

    private TypeInfo BaseAt(ulong place) => this with { Address = Read(place) };

    private string ReadName(uint type)
    {
        var address = Read(type + NameOffset);
        var bytes = Memory.GetSpan(address, (int)Math.Clamp(Memory.ByteLength - address, 0, LongestName));
        return Encoding.UTF8.GetString(bytes[..Math.Max(bytes.IndexOf((byte)0), 0)]);
    }

    private uint Read(ulong address) => Memory.Read<uint>(address);
}
