namespace Fermata.Emscripten.Glue;

/// <summary>What the glue uses of a program, by the name that it has in the glue.</summary>
internal static class ProgramSymbols
{
    private const string Getter = "(func (result i32))";
    private const string Setter = "(func (param i32))";
    private const string Converter = "(func (param i32) (result i32))";

    /// <summary>
    /// Of each its type in the text format, and the names under which versions of Emscripten have it exported. Some have a substitute in
    /// <see cref="GlueDefinitions"/> for programs that export none.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, (string Type, string[] Exports)> All = new Dictionary<string, (string, string[])>
    {
        ["memory"] = ("(memory 0)", ["memory"]),
        ["table"] = ("(table 0 funcref)", ["__indirect_function_table"]),
        ["__stack_pointer"] = ("(global (mut i32))", ["__stack_pointer"]),
        ["stackSave"] = (Getter, ["emscripten_stack_get_current", "stackSave"]),
        ["stackRestore"] = (Setter, ["_emscripten_stack_restore", "stackRestore"]),
        ["getTempRet0"] = (Getter, ["_emscripten_tempret_get", "getTempRet0"]),
        ["setTempRet0"] = (Setter, ["_emscripten_tempret_set", "setTempRet0"]),
        ["setThrew"] = ("(func (param i32 i32))", ["setThrew"]),
        ["__cxa_can_catch"] = ("(func (param i32 i32 i32) (result i32))", ["__cxa_can_catch"]),
        ["__cxa_is_pointer_type"] = (Converter, ["__cxa_is_pointer_type"]),
        ["__cxa_get_exception_ptr"] = (Converter, ["__cxa_get_exception_ptr"]),
        ["__cxa_increment_exception_refcount"] = (Setter, ["__cxa_increment_exception_refcount"]),
        ["__cxa_decrement_exception_refcount"] = (Setter, ["__cxa_decrement_exception_refcount"]),
    };
}
