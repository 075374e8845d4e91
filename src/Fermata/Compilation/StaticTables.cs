using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Finds what indirect calls may call, where a module alone says what is in a table: nobody else has it, and no code writes to it.</summary>
/// <remarks>
/// So it is for most programs in C that are one module. The table must be full before any code of the instance can run. An element segment of an imported table could give functions
/// away, and a later one fail, so a module that imports tables has none.
/// </remarks>
/// <param name="module">The compiler of the module.</param>
internal sealed class StaticTables(ModuleCompiler module)
{
    /// <summary>The most functions of a type between which an indirect call chooses by their indices.</summary>
    private const int MaxTargets = 4;

    /// <summary>For each table the elements of each type; null where others may write to it.</summary>
    private readonly Dictionary<int, Dictionary<DefinedType, List<Target>>?> _tables = [];

    /// <summary>All elements that a call may call; null if it is not known, or there are none or many.</summary>
    /// <param name="table">The table.</param>
    /// <param name="type">The type that the call asks for.</param>
    public List<Target>? Of(int table, DefinedType type)
    {
        if (!_tables.TryGetValue(table, out var targets))
            _tables.Add(table, targets = IsStatic(table) ? Read(table) : null);

        // An open type is also that of functions of the types below it.
        return type.IsFinal && targets is not null && targets.TryGetValue(type, out var found) && found.Count <= MaxTargets ? found : null;
    }

    private bool IsStatic(int table)
    {
        var definition = module.Definition;
        return definition.Tables is var tables && !tables.Exists(other => other.IsImported)
            && tables[table] is { Initializer: null, Type.Is64: false }
            && !module.Suspension.WrittenTables.Contains(table)
            && !definition.Exports.Exists(export => export.Kind == ExternKind.Table && export.Index == table);
    }

    /// <summary>The elements by type; null if they cannot be told.</summary>
    private Dictionary<DefinedType, List<Target>>? Read(int table)
    {
        var elements = new SortedDictionary<uint, int>();
        foreach (var segment in module.Definition.Elements)
        {
            if (segment.Mode != SegmentMode.Active || segment.TableIndex != table)
                continue;
            if (segment.Functions is not { } functions || Offset(segment.Start!.Value) is not { } start
                || start + (ulong)functions.Length > module.Types.TableTypes[table].Limits.Min)
                return null;
            foreach (var (i, function) in functions.Index())
                elements[start + (uint)i] = function;
        }

        return elements.GroupBy(element => module.Types.FunctionTypes[element.Value])
            .ToDictionary(group => group.Key, group => group.Select(element => new Target(element.Key, element.Value)).ToList());
    }

    /// <summary>The value of an expression that is a constant; null for another.</summary>
    private uint? Offset(ByteRange expression)
    {
        var reader = new InstructionReader(module.Definition.Bytes.Span, expression);
        var (instruction, end) = (default(Instruction), default(Instruction));
        reader.Read(ref instruction);
        reader.Read(ref end);
        return instruction.Opcode == Opcode.I32Const && end.Opcode == Opcode.End ? (uint)instruction.Bits : null;
    }

    /// <summary>An element of a table.</summary>
    /// <param name="Index">Its index.</param>
    /// <param name="Function">The index of the function that it is.</param>
    public readonly record struct Target(uint Index, int Function);
}
