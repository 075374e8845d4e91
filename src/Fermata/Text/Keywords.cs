using System.Collections.Frozen;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>The words that the text format knows (section 6.2.2 "Tokens"), apart from those of <see cref="InstructionTable"/>.</summary>
/// <remarks>A known word in the wrong place is an "unexpected token", an unknown one an "unknown operator".</remarks>
internal static class Keywords
{
    private static readonly FrozenDictionary<string, HeapType> HeapTypes = new Dictionary<string, HeapType>
    {
        ["func"] = HeapType.Func,
        ["extern"] = HeapType.Extern,
        ["any"] = HeapType.Any,
        ["eq"] = HeapType.Eq,
        ["i31"] = HeapType.I31,
        ["struct"] = HeapType.Struct,
        ["array"] = HeapType.Array,
        ["exn"] = HeapType.Exn,
        ["none"] = HeapType.None,
        ["noextern"] = HeapType.NoExtern,
        ["nofunc"] = HeapType.NoFunc,
        ["noexn"] = HeapType.NoExn,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ValType> ValTypes = new Dictionary<string, ValType>
    {
        ["i32"] = ValType.I32,
        ["i64"] = ValType.I64,
        ["f32"] = ValType.F32,
        ["f64"] = ValType.F64,
        ["v128"] = ValType.V128,
        ["funcref"] = ValType.FuncRef,
        ["externref"] = ValType.ExternRef,
        ["anyref"] = ValType.Ref(true, HeapType.Any),
        ["eqref"] = ValType.Ref(true, HeapType.Eq),
        ["i31ref"] = ValType.Ref(true, HeapType.I31),
        ["structref"] = ValType.Ref(true, HeapType.Struct),
        ["arrayref"] = ValType.Ref(true, HeapType.Array),
        ["exnref"] = ValType.Ref(true, HeapType.Exn),
        ["nullref"] = ValType.Ref(true, HeapType.None),
        ["nullexternref"] = ValType.Ref(true, HeapType.NoExtern),
        ["nullfuncref"] = ValType.Ref(true, HeapType.NoFunc),
        ["nullexnref"] = ValType.Ref(true, HeapType.NoExn),
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Structural = FrozenSet.ToFrozenSet(
    [
        "module", "definition", "instance", "binary", "quote",
        "type", "rec", "sub", "final", "param", "result", "field", "mut", "i8", "i16", "ref", "null",
        "import", "export", "table", "memory", "global", "tag", "local", "start", "elem", "declare", "item", "data", "offset", "shared",
        "then", "catch", "catch_ref", "catch_all", "catch_all_ref",
        "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2",
        "nan:canonical", "nan:arithmetic",
    ]);

    public static HeapType? FindHeapType(string word) => HeapTypes.TryGetValue(word, out var type) ? type : null;

    public static ValType? FindValType(string word) => ValTypes.TryGetValue(word, out var type) ? type : null;

    public static bool IsKnown(string word) =>
        Structural.Contains(word) || ValTypes.ContainsKey(word) || HeapTypes.ContainsKey(word) || InstructionTable.Find(word) is not null
        || IsMemoryArgument(word, "offset=") || IsMemoryArgument(word, "align=");

    private static bool IsMemoryArgument(string word, string prefix) =>
        word.StartsWith(prefix, StringComparison.Ordinal)
        && NumberSyntax.Classify(System.Text.Encoding.UTF8.GetBytes(word[prefix.Length..]).AsSpan()) == TokenKind.Natural;
}
