namespace Fermata.Fuzz.Soak;

/// <summary>What hostile code is made of. A function has the parameter <c>$n</c>, which calls count down, and the locals <c>$x</c> and <c>$y</c>.</summary>
internal static class Shapes
{
    private const string Less = "(i32.sub (local.get $n) (i32.const 1))";
    private const string Array = "(global.get $array)";

    /// <summary>Those without others in them.</summary>
    public static readonly Shape[] Leaves =
    [
        // Work on ranges
        new("memory.fill", "(memory.fill {memory} (i32.const {address}) (i32.const 0) (i32.const {bytes}))"),
        new("memory.copy", "(memory.copy $memory $memory (i32.const {address}) (i32.const {address}) (i32.const {bytes}))"),
        new("memory.init", "(memory.init $memory $data (i32.const {address}) (i32.const 0) (i32.const 16))"),
        new("table.fill", "(table.fill $objects (i32.const 0) (global.get $nodes) (table.size $objects))"),
        new("table.copy", "(table.copy $objects $objects (i32.const 1) (i32.const 0) (i32.sub (table.size $objects) (i32.const 1)))"),
        new("table.init", "(table.init $table $functions (i32.const 0) (i32.const 0) (i32.const 2))"),
        new("array.fill", $"(array.fill $array {Array} (i32.const 0) (i64.const 3) (array.len {Array}))"),
        new("array.copy", $"(array.copy $array $array {Array} (i32.const 1) {Array} (i32.const 0) (i32.sub (array.len {Array}) (i32.const 1)))"),

        // Growth and allocation
        new("memory.grow", "(local.set $x (memory.grow {memory} (i32.const {pages})))"),
        new("table.grow", "(local.set $x (table.grow $objects (ref.null eq) (i32.const {elements})))"),
        new("array.new", "(global.set $array (array.new_default $array (i32.const {elements})))"),
        new("array.new_data", "(drop (array.new_data $bytes $data (i32.const 0) (i32.const 16)))"),
        new("struct.new", """
            (if (i32.ge_u (global.get $count) (i32.const 100000)) (then (global.set $nodes (ref.null $node)) (global.set $count (i32.const 0))))
            (global.set $count (i32.add (global.get $count) (i32.const 1)))
            (global.set $nodes (struct.new $node (global.get $nodes) (i64.const 1)))
            """),
        new("garbage", "(drop (struct.new $node (ref.null $node) (local.get $y)))"),
        new("walk", """
            (local.set $node (global.get $nodes))
            (block {a} (loop {b} (br_if {a} (ref.is_null (local.get $node))) (local.set $node (struct.get $node 0 (local.get $node))) (br {b})))
            """),

        // Exceptions and traps
        new("throw", "(if (i32.eqz (i32.rem_u (local.get $n) (i32.const {period}))) (then (throw $number (local.get $x))))"),
        new("throw and catch", "(block {a} (try_table (catch_all {a}) (throw $number (local.get $x))))"),
        new("exnref", "(global.set $exception (block {a} (result exnref) (try_table (catch_all_ref {a}) (throw $empty)) (ref.null exn)))"),
        new("throw_ref", "(if (i32.eqz (ref.is_null (global.get $exception))) (then (throw_ref (global.get $exception))))"),
        new("trap", "(if (i32.eqz (i32.rem_u (local.get $n) (i32.const {period}))) (then (unreachable)))"),
        new("out of bounds", "(i64.store $memory (i32.const {any}) (local.get $y))"),

        // Straight code
        new("straight", "{arithmetic}"),
        new("stores", "{stores}"),

        // Waits
        new("wait", "(local.set $x (memory.atomic.wait32 $shared (i32.const 8) (i32.const 0) (i64.const {nanoseconds})))"),
        new("wait without end", "(local.set $x (memory.atomic.wait32 $shared (i32.const 8) (i32.const 0) (i64.const -1)))"),
        new("notify", "(local.set $x (memory.atomic.notify $shared (i32.const 8) (i32.const 1)))"),
        new("pause", "(call $pause (i32.const {milliseconds}))"),
        new("ready", "(call $ready)"),
        new("never", "(call $never)"),
        new("two steps", "(call $write (i32.const {address}))"),

        // Through the host
        new("nest", $"(if (local.get $n) (then (call $nest (i32.const {{index}}) {Less})))"),
        new("await", $"(if (local.get $n) (then (call $await (i32.const {{index}}) {Less})))"),
        new("swallow", $"(if (local.get $n) (then (call $swallow (i32.const {{index}}) {Less})))"),
        new("swallow what is awaited", $"(if (local.get $n) (then (call $swallowAsync (i32.const {{index}}) {Less})))"),
        new("untyped", $"(if (local.get $n) (then (call $untyped (i32.const {{index}}) {Less})))"),
        new("fail", "(if (i32.eqz (i32.rem_u (local.get $n) (i32.const {period}))) (then (call $fail)))"),
        new("fail late", "(if (i32.eqz (i32.rem_u (local.get $n) (i32.const {period}))) (then (call $failAsync)))"),
        new("exit", "(if (i32.eqz (i32.rem_u (local.get $n) (i32.const {period}))) (then (call $exit)))"),
        new("end", "(call $end)"),

        // Calls
        new("call", $"(if (local.get $n) (then (local.set $x (call {{function}} {Less}))))"),
        new("call twice", $"(if (local.get $n) (then (local.set $x (i32.add (call {{function}} {Less}) (call {{function}} {Less})))))"),
        new("deep call", "(if (i32.le_u (local.get $n) (i32.const 20)) (then (local.set $x (call {function} (i32.const {depth})))))"),
        new("recursion without end", "(local.set $x (call {function} (i32.add (local.get $n) (i32.const 1))))"),
        new("call_indirect", $"(if (local.get $n) (then (local.set $x (call_indirect $table (type $f) {Less} (i32.const {{index}})))))"),
        new("call_ref", $"(if (local.get $n) (then (local.set $x (call_ref $f {Less} (ref.func {{function}})))))"),
        new("return_call", $"(if (local.get $n) (then (return_call {{function}} {Less})))"),
        new("return_call_indirect", $"(if (local.get $n) (then (return_call_indirect $table (type $f) {Less} (i32.const {{index}}))))"),
        new("return_call_ref", $"(if (local.get $n) (then (return_call_ref $f {Less} (ref.func {{function}}))))"),
        new("tail calls without end", "(if (i32.eq (local.get $n) (i32.const 1)) (then (return_call {function} (local.get $n))))"),
    ];

    /// <summary>Those around others.</summary>
    public static readonly Shape[] Wrappers =
    [
        new("loop without end", "(loop {a} {body} (br {a}))"),
        new("loop", "(local.set {counter} (i32.const {times})) (loop {a} {body} (br_if {a} (local.tee {counter} (i32.sub (local.get {counter}) (i32.const 1)))))"),
        new("if", "(if (i32.and (local.get $n) (i32.const 1)) (then {body}) (else {body}))"),
        new("catch_all", "(block {a} (try_table (catch_all {a}) {body}))"),
        new("catch", "(local.set $x (block {a} (result i32) (try_table (catch $number {a}) {body}) (i32.const 1)))"),
        new("catch from the host", "(drop (block {a} (result externref) (try_table (catch $host {a}) {body}) (ref.null extern)))"),
        new("destructor", "(block {b} (throw_ref (block {a} (result exnref) (try_table (catch_all_ref {a}) {body}) (br {b}))))"),
        new("try", "(try (do {body}) (catch_all {body}))"),
        new("frame", "(global.set $sp (i32.sub (global.get $sp) (i32.const 64))) {body} (global.set $sp (i32.add (global.get $sp) (i32.const 64)))"),
    ];
}
