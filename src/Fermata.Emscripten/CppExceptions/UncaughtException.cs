using System.Text;

namespace Fermata.Emscripten.CppExceptions;

/// <summary>Says of a C++ exception that nothing caught what <c>std::terminate</c> says of it elsewhere: its type, and what <c>std::exception::what</c> tells.</summary>
/// <remarks>
/// All of it is read from the memory of the program, which may hold anything: then there is nothing to say, or the type only. <c>what</c> is code of the program, and the only one that runs.
/// </remarks>
internal static class UncaughtException
{
    /// <summary>What its type information calls <c>std::exception</c>.</summary>
    private const string StandardException = "St9exception";

    /// <summary>Where the table of virtual functions of <c>std::exception</c> has <c>what</c>: behind two destructors.</summary>
    private const int WhatOffset = 2 * sizeof(int);

    private const int LongestText = 1000;

    /// <summary>What there is to say of an exception; null if it is none of C++.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its memory holds no exception.</exception>
    public static string? Describe(WasmException exception, CancellationToken cancellationToken)
    {
        var program = exception.Tag.Store.GetData<EmscriptenContext>();
        if (program.Memory is not { } memory || exception.Values is not [var carried] || carried.Type != ValType.I32)
            return null;
        var thrown = ThrownObject.Find(memory, (uint)carried.AsI32());
        if (!thrown.Type.IsOne)
            return null;
        var name = TypeName.Demangle(thrown.Type.Name);
        return AskWhat(program, memory, thrown, cancellationToken) is { } what ? $"{name}: {what}" : name;
    }

    private static string? AskWhat(EmscriptenContext program, Memory memory, ThrownObject thrown, CancellationToken cancellationToken)
    {
        try
        {
            if (thrown.Type.OffsetOf(StandardException) is not { } offset)
                return null;
            var self = unchecked(thrown.Address + (uint)offset);
            var function = program.Functions?.Find(memory.Read<int>(memory.Read<uint>(self) + (ulong)WhatOffset));
            return function?.Invoke([(int)self], cancellationToken) is [{ Type.Kind: ValKind.I32 } text] ? ReadText(memory, (uint)text.AsI32()) : null;
        }
#pragma warning disable CA1031 // Whatever code of the program does, or its memory holds: the exception is told of without it.
        catch
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>Reads a text of C, of which what is beyond a length is left out.</summary>
    private static string ReadText(Memory memory, uint address)
    {
        var bytes = memory.GetSpan(address, (int)Math.Clamp(memory.ByteLength - address, 0, LongestText));
        return Encoding.UTF8.GetString(bytes.IndexOf((byte)0) is var length and >= 0 ? bytes[..length] : bytes);
    }
}
