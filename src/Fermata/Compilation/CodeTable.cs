using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>What is to be known of the code in an assembly that is a file.</summary>
internal sealed class CodeTable
{
    /// <summary>The <see cref="CodeFingerprint"/> of the code.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>Whether the code leaves bounds of memories to guard pages.</summary>
    public required bool NeedsGuards { get; init; }

    /// <summary><see cref="ModuleCode.LargestStop"/>, over all functions of the module.</summary>
    public required (int Numbers, int References) LargestStop { get; init; }

    /// <summary><see cref="ModuleCode.NumberCount"/>.</summary>
    public required int NumberCount { get; init; }

    /// <summary><see cref="Module.StackLocation"/>: to find it takes a look at all code of the module.</summary>
    public required StackLocation? Stack { get; init; }

    /// <summary>
    /// The functions that are in the assembly, each followed by its pieces. The run form of one has its place in the list as position, its resume form that plus the number of rows.
    /// </summary>
    public required Row[] Rows { get; init; }

    /// <summary>
    /// The indices of function types for which there is code that depends on a type alone. Its positions are behind those of the functions, the same number for each type.
    /// </summary>
    public required int[] ThunkTypes { get; init; }

    /// <summary>A function, or a piece of one.</summary>
    /// <param name="Function">Its number.</param>
    /// <param name="IsPiece">Whether it is a piece.</param>
    /// <param name="Token">The metadata token of what is called.</param>
    /// <param name="LargeFrameBytes"><see cref="FunctionCode.LargeFrameBytes"/>.</param>
    /// <param name="Sites">The calls that may suspend.</param>
    /// <param name="Types">The types of its frames, as <see cref="FrameTypesData"/> writes them.</param>
    public readonly record struct Row(int Function, bool IsPiece, int Token, nuint LargeFrameBytes, CallSite[] Sites, byte[] Types);

    public static CodeTable Read(byte[] content)
    {
        using var reader = new BinaryReader(new MemoryStream(content, writable: false));
        return new CodeTable
        {
            Fingerprint = reader.ReadBytes(CodeFingerprint.Length),
            NeedsGuards = reader.ReadBoolean(),
            LargestStop = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt()),
            NumberCount = reader.Read7BitEncodedInt(),
            Stack = reader.ReadBoolean() ? new StackLocation(reader.Read7BitEncodedInt(), (StackPointerSource)reader.ReadByte()) : null,
            Rows = ReadArray(reader, ReadRow),
            ThunkTypes = ReadArray(reader, reader => reader.Read7BitEncodedInt()),
        };
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Fingerprint);
        writer.Write(NeedsGuards);
        writer.Write7BitEncodedInt(LargestStop.Numbers);
        writer.Write7BitEncodedInt(LargestStop.References);
        writer.Write7BitEncodedInt(NumberCount);
        writer.Write(Stack is not null);
        if (Stack is { } stack)
        {
            writer.Write7BitEncodedInt(stack.Global);
            writer.Write((byte)stack.Source);
        }

        WriteArray(writer, Rows, Write);
        WriteArray(writer, ThunkTypes, (writer, type) => writer.Write7BitEncodedInt(type));
        return bytes.ToArray();
    }

    private static Row ReadRow(BinaryReader reader) =>
        new(reader.Read7BitEncodedInt(), reader.ReadBoolean(), reader.ReadInt32(), (nuint)reader.Read7BitEncodedInt64(), ReadArray(reader, ReadSite), reader.ReadBytes(reader.Read7BitEncodedInt()));

    private static void Write(BinaryWriter writer, Row row)
    {
        writer.Write7BitEncodedInt(row.Function);
        writer.Write(row.IsPiece);
        writer.Write(row.Token);
        writer.Write7BitEncodedInt64((long)row.LargeFrameBytes);
        WriteArray(writer, row.Sites, Write);
        writer.Write7BitEncodedInt(row.Types.Length);
        writer.Write(row.Types);
    }

    private static CallSite ReadSite(BinaryReader reader) =>
        new(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.ReadBoolean());

    private static void Write(BinaryWriter writer, CallSite site)
    {
        writer.Write7BitEncodedInt(site.NumberCount);
        writer.Write7BitEncodedInt(site.ReferenceCount);
        writer.Write7BitEncodedInt(site.Offset);
        writer.Write(site.IsInTry);
    }

    private static T[] ReadArray<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[reader.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++)
            items[i] = read(reader);
        return items;
    }

    private static void WriteArray<T>(BinaryWriter writer, T[] items, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(items.Length);
        foreach (var item in items)
            write(writer, item);
    }
}
