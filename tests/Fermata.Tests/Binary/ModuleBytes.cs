using Fermata.Binary;
using Fermata.Validation;

namespace Fermata.Tests.Binary;

/// <summary>Writes modules by hand, byte by byte, so that the tests of the decoder depend on nothing else.</summary>
internal static class ModuleBytes
{
    /// <summary>Magic and version; the first section starts after these.</summary>
    public const int HeaderLength = 8;

    /// <summary>The type section with the one type <c>(func)</c>, six bytes long.</summary>
    public static readonly byte[] OneType = Section(1, 1, 0x60, 0, 0);

    public static byte[] Module(params byte[][] sections) =>
        Concat([[0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0], .. sections]);

    /// <summary>Parts one after the other; there may be very many.</summary>
    public static byte[] Concat(IEnumerable<byte[]> parts)
    {
        using var bytes = new MemoryStream();
        foreach (var part in parts)
            bytes.Write(part);
        return bytes.ToArray();
    }

    public static byte[] Section(byte id, params byte[] content) => Concat([[id], U32((uint)content.Length), content]);

    public static byte[] Custom(string name, params byte[] content) => Section(0, [.. Name(name), .. content]);

    public static byte[] Name(string name) => [.. U32((uint)name.Length), .. System.Text.Encoding.ASCII.GetBytes(name)];

    /// <summary>A code section with these entries: locals and instructions.</summary>
    public static byte[] Code(params byte[][] entries) =>
        Section(10, Concat([U32((uint)entries.Length), .. entries.Select(entry => (byte[])[.. U32((uint)entry.Length), .. entry])]));

    /// <summary>A module of one function of the type <c>(func)</c> without locals; its instructions need their <c>end</c>.</summary>
    public static byte[] Function(params byte[] instructions) => FunctionOfType([0x60, 0, 0], instructions);

    public static byte[] FunctionOfType(byte[] type, params byte[] instructions) =>
        Module(Section(1, [1, .. type]), Section(3, 1, 0), Code([0, .. instructions]));

    public static byte[] U32(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static ModuleDefinition Decode(byte[] module) => ModuleDecoder.Decode(module);

    public static ModuleTypes Validate(byte[] module) => ModuleValidator.Validate(ModuleDecoder.Decode(module), new TypeRegistry());

    public static void AssertMalformed(string problem, int offset, byte[] module)
    {
        var exception = Assert.Throws<MalformedModuleException>(() => Decode(module));
        Assert.StartsWith(problem, exception.Problem, StringComparison.Ordinal);
        Assert.Equal(offset, exception.Offset);
    }

    /// <summary>The module is well-formed and invalid, for this reason at this offset.</summary>
    public static void AssertInvalid(string problem, int offset, byte[] module)
    {
        var exception = Assert.Throws<InvalidModuleException>(() => Validate(module));
        Assert.StartsWith(problem, exception.Problem, StringComparison.Ordinal);
        Assert.Equal(offset, exception.Offset);
    }
}
