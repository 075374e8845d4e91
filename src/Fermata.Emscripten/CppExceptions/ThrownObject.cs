namespace Fermata.Emscripten.CppExceptions;

/// <summary>What was thrown: an object of C++, in front of which lies a header (Itanium C++ ABI: Exception Handling, "C++ Exception Objects").</summary>
/// <param name="Address">The address of the object.</param>
/// <param name="Type">Its type.</param>
internal readonly record struct ThrownObject(uint Address, TypeInfo Type)
{
    /// <summary>What exceptions of WebAssembly begin with: <c>CLNGC++</c>, and in the last byte 0, or 1 for one that stands for another (<c>std::rethrow_exception</c>).</summary>
    private const ulong Class = 0x43_4C_4E_47_43_2B_2B_00, Dependent = Class | 1;

    /// <summary>Where their header has the type and, if it stands for another exception, the address of the object of that; and where their own object begins.</summary>
    private const uint TypeOffset = 48, PrimaryOffset = 4, ObjectOffset = 32;

    /// <summary>Where the header of exceptions by Emscripten's JavaScript has the type, which carry the address of their object.</summary>
    private const uint OldTypeOffset = 20;

    /// <summary>Finds what an exception carries.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would lie outside the memory.</exception>
    public static ThrownObject Find(Memory memory, uint carried) => memory.Read<ulong>((ulong)carried) switch
    {
        Class => new(carried + ObjectOffset, ReadType(memory, carried - TypeOffset)),
        Dependent => new(memory.Read<uint>((ulong)(carried - PrimaryOffset)), ReadType(memory, carried - TypeOffset)),
        _ => new(carried, ReadType(memory, carried - OldTypeOffset)),
    };

    private static TypeInfo ReadType(Memory memory, uint address) => new(memory, memory.Read<uint>((ulong)address));
}
