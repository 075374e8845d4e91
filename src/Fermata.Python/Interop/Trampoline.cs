namespace Fermata.Python.Interop;

/// <summary>
/// CPython calls functions of C through pointers of a type that has three parameters, though many have fewer. In JavaScript this is a frame that nothing suspends, below every
/// method; here it is WebAssembly, merged into the interpreter.
/// </summary>
internal static class Trampoline
{
    private const string Text =
        """
        (table (import "program" "__indirect_function_table") 0 funcref)
        (type $three (func (param i32 i32 i32) (result i32)))
        (type $two (func (param i32 i32) (result i32)))
        (type $one (func (param i32) (result i32)))
        (type $none (func (result i32)))
        (func (export "_PyEM_TrampolineCall_JS") (param $function i32) (param $self i32) (param $arguments i32) (param $keywords i32) (result i32)
          (local $found funcref)
          (local.set $found (table.get (local.get $function)))
          (if (ref.test (ref $three) (local.get $found))
            (then (return_call_indirect (type $three) (local.get $self) (local.get $arguments) (local.get $keywords) (local.get $function))))
          (if (ref.test (ref $two) (local.get $found))
            (then (return_call_indirect (type $two) (local.get $self) (local.get $arguments) (local.get $function))))
          (if (ref.test (ref $one) (local.get $found))
            (then (return_call_indirect (type $one) (local.get $self) (local.get $function))))
          (return_call_indirect (type $none) (local.get $function)))
        """;

    /// <summary>The module with the function that the interpreter imports.</summary>
    public static ModuleInfo Module { get; } = ModuleInfo.Parse(Text);
}
