using Fermata.Binary;

namespace Fermata.Fuzz.Rewriting;

/// <summary>Declares small maxima for memories and tables, so that growing fails at the same size in every engine.</summary>
internal static class SizeBounds
{
    private const ulong MorePages = 8;
    private const ulong MoreElements = 50;

    public static void Apply(ModuleEditor editor)
    {
        var definition = editor.Definition;
        if (definition.Memories.Exists(memory => !memory.IsImported))
            editor.Replace(SectionId.Memory, WriteMemories(definition));
        if (definition.Tables.Exists(table => !table.IsImported))
            editor.Replace(SectionId.Table, WriteTables(definition));
    }

    public static Limits OfMemory(Limits limits) => Bound(limits, MorePages);

    public static Limits OfTable(Limits limits) => Bound(limits, MoreElements);

    private static Limits Bound(Limits limits, ulong more) => limits with { Max = Math.Min(limits.Max ?? ulong.MaxValue, limits.Min + more) };

    private static ByteWriter WriteMemories(ModuleDefinition definition)
    {
        var memories = definition.Memories.FindAll(memory => !memory.IsImported);
        var content = new ByteWriter();
        content.WriteUnsigned((ulong)memories.Count);
        foreach (var memory in memories)
            WriteLimits(content, OfMemory(memory.Type.Limits), memory.Type.Is64, memory.Type.IsShared);
        return content;
    }

    private static ByteWriter WriteTables(ModuleDefinition definition)
    {
        var tables = definition.Tables.FindAll(table => !table.IsImported);
        var content = new ByteWriter();
        content.WriteUnsigned((ulong)tables.Count);
        foreach (var table in tables)
        {
            if (table.Initializer is not null)
                content.Write([0x40, 0x00]);
            content.WriteValType(table.Type.Element);
            WriteLimits(content, OfTable(table.Type.Limits), table.Type.Is64, false);
            if (table.Initializer is { } initializer)
                content.Write(definition.Bytes.Span.Slice(initializer.Offset, initializer.Length));
        }

        return content;
    }

    /// <summary>Section 5.3.9 "Limits": bit 0 says that there is a maximum, bit 1 that it is shared, bit 2 that addresses are 64-bit.</summary>
    private static void WriteLimits(ByteWriter content, Limits limits, bool is64, bool isShared)
    {
        content.WriteByte((byte)(1 | (isShared ? 2 : 0) | (is64 ? 4 : 0)));
        content.WriteUnsigned(limits.Min);
        content.WriteUnsigned(limits.Max!.Value);
    }
}
