using Fermata.Emscripten.DynamicLinking;
using Fermata.Emscripten.Functions;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Abi;

/// <summary><c>struct dso</c> of Emscripten's C library.</summary>
internal static class SharedObject
{
    private const int Flags = 4, IsAllocated = 8, MemoryBase = 12, MemorySize = 16, TableBase = 20, TableSize = 24, Content = 28, ContentSize = 32, Name = 36;

    /// <summary><c>RTLD_GLOBAL</c>, among the flags.</summary>
    private const int Global = 0x100;

    /// <summary>What is to be loaded.</summary>
    /// <exception cref="MemoryTrapException">The structure is not inside the memory.</exception>
    public static LibraryRequest Read(Caller caller, int handle)
    {
        var (content, size) = (caller.Read<int>(handle + Content), caller.Read<int>(handle + ContentSize));
        return new LibraryRequest(
            ReadName(caller, handle), (caller.Read<int>(handle + Flags) & Global) != 0,
            content != 0 && size != 0 ? caller.GetSpan(content, size).ToArray() : default(ReadOnlyMemory<byte>?));
    }

    public static string ReadName(Caller caller, int handle) => GuestText.Read(caller, handle + Name)!;

    /// <summary>Notes where a library is.</summary>
    public static void Write(Caller caller, int handle, Library library)
    {
        caller.GetSpan(handle + IsAllocated, 1)[0] = 1;
        caller.Write(handle + MemoryBase, (int)library.MemoryBase);
        caller.Write(handle + MemorySize, (int)library.Section.MemorySize);
        caller.Write(handle + TableBase, library.TableBase);
        caller.Write(handle + TableSize, (int)library.Section.TableSize);
    }
}
