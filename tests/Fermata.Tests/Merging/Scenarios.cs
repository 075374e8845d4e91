namespace Fermata.Tests.Merging;

/// <summary>Modules, and what happens in them.</summary>
internal static class Scenarios
{
    public static Dictionary<string, ((string Name, string Text)[] Modules, string[] Events)> All { get; } = new()
    {
        ["functions and a host function of both"] = (
        [
            ("a", """
                (module (import "host" "log" (func $log (param i32)))
                  (func $twice (export "twice") (param i32) (result i32) (call $log (local.get 0)) (i32.mul (local.get 0) (i32.const 2))))
                """),
            ("b", """
                (module (import "a" "twice" (func $twice (param i32) (result i32))) (import "host" "log" (func $log (param i32)))
                  (func (export "test") (result i32) (call $log (i32.const 7)) (return_call $twice (call $twice (i32.const 3)))))
                """),
        ],
        ["log 7", "log 3", "log 6", "test: i32:12"]),

        ["names of functions in traps"] = (
        [
            ("a", "(module (memory 1) (func $fails (export \"f\") (drop (i32.load (i32.const -1)))))"),
            ("b", "(module (import \"a\" \"f\" (func $imported)) (func $middle (call $imported)) (func $entry (export \"test\") (call $middle)))"),
        ],
        ["test: OutOfBoundsMemoryAccess in fails, middle, entry"]),

        ["a shared memory and memories of their own"] = (
        [
            ("a", "(module (memory (export \"memory\") 1 2) (data (i32.const 0) \"\\01\\02\") (data $unused \"x\"))"),
            ("b", """
                (module (import "a" "memory" (memory $shared 1)) (memory $own 1) (memory $wide i64 1)
                  (data (memory $shared) (i32.const 1) "\07") (data $passive "\2a\2b") (data (memory $wide) (i64.const 9) "\63")
                  (func (export "test shared") (result i32) (i32.load16_u $shared (i32.const 0)))
                  (func (export "test own") (result i32)
                    (memory.init $own $passive (i32.const 4) (i32.const 1) (i32.const 1))
                    (memory.copy $own $shared (i32.const 5) (i32.const 1) (i32.const 1))
                    (data.drop $passive)
                    (i32.load $own (i32.const 4)))
                  (func (export "test wide") (result i32) (i32.load8_u $wide offset=2 (i64.const 7)))
                  (func (export "test dropped") (memory.init $own $passive (i32.const 0) (i32.const 0) (i32.const 1)))
                  (func (export "test grow") (result i32 i32) (memory.grow $shared (i32.const 2)) (memory.grow $shared (i32.const 1))))
                """),
        ],
        ["test shared: i32:1793", "test own: i32:1835", "test wide: i32:99", "test dropped: OutOfBoundsMemoryAccess in test dropped", "test grow: i32:-1 i32:1"]),

        ["a shared table and elements that are imported"] = (
        [
            ("a", """
                (module (type $f (func (result i32))) (table (export "table") 4 funcref) (table $other (export "other") i64 1 externref)
                  (func $one (export "one") (type $f) (i32.const 1))
                  (elem (i32.const 0) $one)
                  (func (export "call") (param i32) (result i32) (call_indirect (type $f) (local.get 0))))
                """),
            ("b", """
                (module (type $nothing (func)) (type $g (func (result i32)))
                  (import "a" "one" (func $one (type $g))) (import "a" "table" (table $table 4 funcref)) (import "a" "call" (func $call (param i32) (result i32)))
                  (import "a" "other" (table $other i64 1 externref))
                  (table $own 2 funcref)
                  (func $two (type $g) (i32.const 2)) (func $no (type $nothing))
                  (elem $passive func $no $one $two) (elem (table $table) (i32.const 1) funcref (ref.func $one) (ref.func $two)) (elem declare func $two)
                  (func (export "test") (result i32 i32 i32) (call $call (i32.const 0)) (call $call (i32.const 1)) (call $call (i32.const 2)))
                  (func (export "test type") (result i32)
                    (table.init $table $passive (i32.const 3) (i32.const 0) (i32.const 1))
                    (call $call (i32.const 3)))
                  (func (export "test own") (result i32)
                    (table.init $own $passive (i32.const 0) (i32.const 1) (i32.const 2))
                    (table.copy $own $table (i32.const 0) (i32.const 1) (i32.const 1)) (elem.drop $passive)
                    (i32.add (call_indirect $own (type $g) (i32.const 0)) (call_ref $g (ref.func $two))))
                  (func (export "test size") (result i64) (table.size $other)))
                """),
        ],
        ["test: i32:1 i32:1 i32:2", "test type: IndirectCallTypeMismatch in call, test type", "test own: i32:3", "test size: i64:1"]),

        ["globals in constant expressions"] = (
        [
            ("a", """
                (module (global $base (export "base") i32 (i32.const 20)) (global (export "counter") (mut i32) (i32.const 5))
                  (global (export "f") funcref (ref.func $f)) (func $f (export "fn") (result i32) (i32.const 42)))
                """),
            ("b", """
                (module (import "a" "base" (global $base i32)) (import "a" "counter" (global $counter (mut i32))) (import "a" "f" (global $f funcref))
                  (type $result (func (result i32)))
                  (memory 1) (table 30 funcref)
                  (global $sum i32 (i32.add (global.get $base) (i32.const 3))) (global $again i32 (global.get $sum))
                  (data (global.get $base) "\09") (elem (i32.sub (global.get $again) (i32.const 1)) funcref (global.get $f))
                  (func (export "test") (result i32 i32 i32 i32)
                    (global.set $counter (i32.add (global.get $counter) (global.get $again)))
                    (global.get $counter) (i32.load8_u (i32.const 20)) (global.get $sum) (call_indirect (type $result) (i32.const 22))))
                """),
        ],
        ["test: i32:28 i32:9 i32:23 i32:42"]),

        ["exceptions across modules"] = (
        [
            ("a", """
                (module (tag $e (export "e") (param i32)) (tag $private (param i32))
                  (func (export "throw") (param i32) (throw $e (local.get 0)))
                  (func (export "private") (throw $private (i32.const 1))))
                """),
            ("b", """
                (module (import "a" "e" (tag $e (param i32))) (import "a" "throw" (func $throw (param i32))) (import "a" "private" (func $private))
                  (tag $mine (param i32))
                  (func (export "test caught") (result i32)
                    (block $h (result i32) (try_table (catch $mine $h) (catch $e $h) (call $throw (i32.const 8))) (i32.const 0)))
                  (func (export "test ref") (result i32)
                    (block $h (result i32 exnref) (try_table (catch_ref $e $h) (call $throw (i32.const 9))) (unreachable)) (throw_ref))
                  (func (export "test private") (result i32)
                    (block $all (block $h (result i32) (try_table (catch $mine $h) (catch $e $h) (catch_all $all) (call $private)) (i32.const 0)) (return))
                    (i32.const 77)))
                """),
        ],
        ["test caught: i32:8", "test ref: exception i32:9", "test private: i32:77"]),

        ["structures of equal types"] = (
        [
            ("a", """
                (module (type $pad (func (param f64))) (rec (type $node (sub (struct (field i32) (field (ref null $node))))) (type $leaf (sub $node (struct (field i32) (field (ref null $node)) (field i64)))))
                  (type $other (struct (field i32)))
                  (func (export "leaf") (result anyref) (struct.new $leaf (i32.const 4) (ref.null $node) (i64.const 6)))
                  (func (export "other") (result anyref) (struct.new $other (i32.const 9))))
                """),
            ("b", """
                (module (rec (type $node (sub (struct (field i32) (field (ref null $node))))) (type $leaf (sub $node (struct (field i32) (field (ref null $node)) (field i64)))))
                  (import "a" "leaf" (func $leaf (result anyref))) (import "a" "other" (func $other (result anyref)))
                  (type $lonely (sub (struct (field i32) (field (ref null $node)))))
                  (func (export "test") (result i32 i64 i32)
                    (struct.get $node 0 (ref.cast (ref $node) (call $leaf))) (struct.get $leaf 2 (ref.cast (ref $leaf) (call $leaf))) (ref.test (ref $lonely) (call $leaf)))
                  (func (export "test branch") (result i32)
                    (block $is (result (ref $node)) (drop (br_on_cast $is anyref (ref $node) (call $leaf))) (return (i32.const 0))) (struct.get $node 0))
                  (func (export "test fails") (drop (ref.cast (ref $leaf) (call $other)))))
                """),
        ],
        ["test: i32:4 i64:6 i32:0", "test branch: i32:4", "test fails: CastFailure in test fails"]),

        ["arrays from segments"] = (
        [
            ("a", "(module (memory 1) (data \"zz\") (data \"yy\") (elem func $f) (func $f))"),
            ("b", """
                (module (type $bytes (array (mut i8))) (type $functions (array (mut funcref))) (type $get (func (result i32)))
                  (data $d "\05\06") (elem $e func $g) (func $g (type $get) (i32.const 3))
                  (func (export "test") (result i32 i32)
                    (array.get_u $bytes (array.new_data $bytes $d (i32.const 1) (i32.const 1)) (i32.const 0))
                    (call_ref $get (ref.cast (ref $get) (array.get $functions (array.new_elem $functions $e (i32.const 0) (i32.const 1)) (i32.const 0))))))
                """),
        ],
        ["test: i32:6 i32:3"]),

        ["start functions in order"] = (
        [
            ("a", "(module (import \"host\" \"log\" (func $log (param i32))) (memory (export \"m\") 1) (func $init (call $log (i32.const 1))) (start $init) (func (export \"again\") (call $init)))"),
            ("b", "(module (import \"a\" \"again\" (func $again)) (import \"host\" \"log\" (func $log (param i32))) (start $again))"),
            ("c", "(module (import \"host\" \"log\" (func $log (param i32))) (func $init (call $log (i32.const 3))) (start $init))"),
            ("d", "(module (func (export \"test\") (result i32) (i32.const 0)))"),
        ],
        ["log 1", "log 1", "log 3", "test: i32:0"]),

        ["an export of an import of an import"] = (
        [
            ("a", "(module (type $t (sub (func (result i32)))) (type $s (sub $t (func (result i32)))) (func (export \"f\") (type $s) (i32.const 6)))"),
            ("b", "(module (type $t (sub (func (result i32)))) (import \"a\" \"f\" (func $f (type $t))) (export \"g\" (func $f)))"),
            ("c", "(module (type $t (sub (func (result i32)))) (type $s (sub $t (func (result i32)))) (import \"b\" \"g\" (func $g (type $s))) (func (export \"test\") (result i32) (call $g)))"),
        ],
        ["test: i32:6"]),

        ["modules of one name"] = (
        [
            ("env", "(module (memory (export \"memory\") 1) (data (i32.const 0) \"\\05\") (func (export \"five\") (result i32) (i32.load8_u (i32.const 0))))"),
            ("env", """
                (module (import "env" "memory" (memory 1)) (import "env" "five" (func $five (result i32))) (global $g (export "g") (mut i32) (i32.const 7))
                  (func (export "ten") (result i32) (i32.store8 (i32.const 0) (i32.const 6)) (i32.add (call $five) (i32.load8_u (i32.const 0)))))
                """),
            ("main", """
                (module (import "env" "five" (func $five (result i32))) (import "env" "ten" (func $ten (result i32))) (import "env" "g" (global $g (mut i32)))
                  (func (export "test") (result i32 i32 i32) (call $five) (call $ten) (global.get $g)))
                """),
        ],
        ["test: i32:5 i32:12 i32:7"]),

        ["modules that import from each other in a circle"] = (
        [
            ("even", """
                (module (import "odd" "odd" (func $odd (param i32) (result i32))) (import "host" "log" (func $log (param i32))) (global $calls (mut i32) (i32.const 0))
                  (func $even (export "even") (param i32) (result i32)
                    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
                    (if (result i32) (local.get 0) (then (call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1))))
                  (func (export "test even") (result i32 i32) (call $even (i32.const 6)) (call $even (i32.const 7)))
                  (func (export "test calls") (call $log (global.get $calls))))
                """),
            ("odd", """
                (module (import "even" "even" (func $even (param i32) (result i32)))
                  (func $odd (export "odd") (param i32) (result i32)
                    (if (result i32) (local.get 0) (then (call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0))))
                  (func (export "test odd") (result i32) (call $odd (i32.const 5))))
                """),
        ],
        ["test even: i32:1 i32:0", "log 8", "test calls: ", "test odd: i32:1"]),

        ["modules of one name that import from each other in a circle, and a module that imports from itself"] = (
        [
            ("env", """
                (module (import "env" "f" (func $f (param i32) (result i32))) (import "env" "double" (func $double (param i32) (result i32)))
                  (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
                  (func (export "g") (param i32) (result i32) (call $double (i32.add (local.get 0) (i32.const 1))))
                  (func (export "test f") (result i32) (call $f (i32.const 3))))
                """),
            ("env", """
                (module (import "env" "g" (func $g (param i32) (result i32)))
                  (func (export "f") (param i32) (result i32) (i32.add (call $g (local.get 0)) (i32.const 100)))
                  (func (export "test g") (result i32) (call $g (i32.const 4))))
                """),
        ],
        ["test f: i32:108", "test g: i32:10"]),

        ["an import that stays, exported and imported again"] = (
        [
            ("a", "(module (import \"host\" \"log\" (func $log (param i32))) (export \"print\" (func $log)))"),
            ("b", "(module (import \"a\" \"print\" (func $print (param i32))) (func (export \"test\") (call $print (i32.const 5))))"),
        ],
        ["log 5", "test: "]),

        ["blocks, locals and selects with types of their own"] = (
        [
            ("a", "(module (type $x (struct)) (type (func (param i32 i32))) (func (export \"f\") (result (ref $x)) (struct.new $x)))"),
            ("b", """
                (module (type $pair (func (param i32) (result i32 i32))) (type $x (struct)) (import "a" "f" (func $f (result (ref $x))))
                  (func (export "test") (result i32 i32) (local $kept (ref null $x)) (local $n i32)
                    (local.set $kept (select (result (ref null $x)) (call $f) (ref.null $x) (i32.const 1)))
                    (local.set $n (ref.is_null (local.get $kept)))
                    (local.get $n) (block (type $pair) (i32.const 10))))
                """),
        ],
        ["test: i32:0 i32:10"]),
    };

    public static TheoryData<string> Names => [.. All.Keys];
}
