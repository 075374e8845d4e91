using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>The structures and arrays that a function makes and that the JIT may put into its native frame, because no other code comes to see them.</summary>
internal static class StackObjects
{
    /// <summary>A function with more of them is not inlined, so that each frame stays as large as was reckoned for its function.</summary>
    public const int InlineThreshold = 128;

    /// <summary>The JIT leaves larger objects on the heap (<c>JitObjectStackAllocationSize</c>).</summary>
    private const long LargestObject = 528;

    private const long Header = 16;
    private const byte AggregatePrefix = 0xFB;

    /// <summary>The bytes that the objects may take, at most.</summary>
    public static long BytesOf(ModuleDefinition module, ModuleTypes types, FunctionBody body, LoadBudget budget)
    {
        budget.Spend();
        var code = module.Bytes.Span;
        if (!code.Slice(body.Code.Offset, body.Code.Length).Contains(AggregatePrefix))
            return 0;

        var bytes = 0L;
        var reader = new InstructionReader(code, body.Code);
        var instruction = default(Instruction);
        while (reader.HasMore)
        {
            budget.Spend();
            reader.Read(ref instruction);
            var size = SizeOf(in instruction, types);
            if (size <= LargestObject)
                bytes += size;
        }

        return bytes;
    }

    private static long SizeOf(in Instruction instruction, ModuleTypes types) => instruction.Opcode switch
    {
        Opcode.RefI31 => Header + sizeof(long),
        Opcode.StructNew or Opcode.StructNewDefault =>
            Header + SizeOf(((StructType)types.Types[instruction.Index].Composite).Fields),
        Opcode.ArrayNewFixed =>
            Header + sizeof(long) + ((long)instruction.Index2 * SizeOf([((ArrayType)types.Types[instruction.Index].Composite).Element])),

        // The length may be a constant.
        Opcode.ArrayNew or Opcode.ArrayNewDefault => LargestObject,
        _ => 0,
    };

    private static long SizeOf(ReadOnlySpan<FieldType> fields)
    {
        // Each on its own, as if for the worst alignment.
        var bytes = 0L;
        foreach (var field in fields)
            bytes += Math.Max(sizeof(long), ClrTypes.SizeOf(ClrTypes.OfField(field)));
        return bytes;
    }
}
