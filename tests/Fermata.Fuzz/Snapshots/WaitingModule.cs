using System.Globalization;
using System.Text;

namespace Fermata.Fuzz.Snapshots;

/// <summary>
/// Makes modules whose functions wait at random places for imports (<see cref="WaitingRun"/>), with values of all types in their frames, objects that refer to one another, handlers, calls through
/// tables and references, and parts of a C stack. All calls end.
/// </summary>
internal sealed class WaitingModule
{
    /// <summary>How many functions the host may call: <c>run0</c> and so on, of type <c>i32 → i64</c>.</summary>
    public const int Runs = 3;

    private const int Functions = 4;
    private const int MostStatements = 3;
    private const int MostDepth = 3;
    private const int LocalsOfKind = 2;

    private const string Head =
        """
        (import "env" "wait_i" (func $wait_i (param i32) (result i32)))
        (import "env" "wait_l" (func $wait_l (param i64) (result i64)))
        (import "env" "wait_f" (func $wait_f (param f32) (result f32)))
        (import "env" "wait_d" (func $wait_d (param f64) (result f64)))
        (import "env" "wait_v" (func $wait_v (param v128) (result v128)))
        (import "env" "wait_x" (func $wait_x (param externref) (result externref)))
        (import "env" "wait_a" (func $wait_a (param anyref) (result anyref)))
        (import "env" "wait_m" (func $wait_m (param i32 f64) (result i64 f32)))
        (import "env" "nest" (func $nest (param i32 i32) (result i64)))
        (rec (type $node (sub (struct (field (mut i32)) (field (mut i64)) (field (mut f32)) (field (mut f64)) (field (mut v128)) (field (mut i8)) (field (mut i16))
                                      (field (mut (ref null $node))) (field (mut (ref null $node))) (field (mut (ref null $list))) (field (mut anyref)) (field (mut externref)))))
             (type $list (array (mut (ref null $node)))))
        (type $unary (func (param i32) (result i32)))
        (tag $tag (param i64 (ref null $node)))
        (memory (export "memory") 8)
        (table $nodes 4 (ref null $node))
        (table $functions funcref (elem $plain $waits $wait_i))
        (elem declare func $plain $waits $wait_i)
        (global $budget (mut i32) (i32.const 60))
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 65536))
        (global $heap (mut i32) (i32.const 70000))
        (global $root (mut (ref null $node)) (ref.null $node))
        (global $vector (mut v128) (v128.const i64x2 1 2))
        (global $last (mut i64) (i64.const 0))
        (func (export "malloc") (param $n i32) (result i32) (global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get $n))))
        (func (export "free") (param i32))
        (func $plain (type $unary) (i32.mul (local.get 0) (i32.const 3)))
        (func $waits (type $unary) (i32.add (call $wait_i (local.get 0)) (i32.const 1)))
        (func $unary_of (param $f (ref null $unary)) (result (ref $unary))
          (if (ref.is_null (local.get $f)) (then (return (ref.func $waits)))) (ref.as_non_null (local.get $f)))
        (func $node_of (param $n (ref null $node)) (result (ref $node))
          (if (ref.is_null (global.get $root)) (then (global.set $root (struct.new_default $node)) (struct.set $node 7 (global.get $root) (global.get $root))))
          (if (ref.is_null (local.get $n)) (then (local.set $n (global.get $root))))
          (ref.as_non_null (local.get $n)))
        (func $list_of (param $l (ref null $list)) (result (ref $list))
          (if (ref.is_null (local.get $l)) (then (return (array.new_fixed $list 1 (global.get $root))))) (ref.as_non_null (local.get $l)))
        (func $sum (param $n (ref null $node)) (param $depth i32) (result i64) (local $m (ref $node)) (local $s i64)
          (if (i32.or (ref.is_null (local.get $n)) (i32.eqz (local.get $depth))) (then (return (i64.const 5))))
          (local.set $m (ref.as_non_null (local.get $n)))
          (local.set $s (i64.add (i64.extend_i32_s (struct.get $node 0 (local.get $m))) (struct.get $node 1 (local.get $m))))
          (local.set $s (i64.xor (local.get $s) (i64.reinterpret_f64 (struct.get $node 3 (local.get $m)))))
          (local.set $s (i64.add (local.get $s) (i64x2.extract_lane 1 (struct.get $node 4 (local.get $m)))))
          (local.set $s (i64.add (local.get $s) (i64.extend_i32_s (i32.add (i32.reinterpret_f32 (struct.get $node 2 (local.get $m))) (i32.add (struct.get_s $node 5 (local.get $m)) (struct.get_u $node 6 (local.get $m)))))))
          (local.set $s (i64.add (i64.mul (local.get $s) (i64.const 31)) (call $sum (struct.get $node 7 (local.get $m)) (i32.sub (local.get $depth) (i32.const 1)))))
          (local.set $s (i64.add (i64.mul (local.get $s) (i64.const 31)) (call $sum (struct.get $node 8 (local.get $m)) (i32.sub (local.get $depth) (i32.const 1)))))
          (if (i32.eqz (ref.is_null (struct.get $node 9 (local.get $m)))) (then
            (local.set $s (i64.add (local.get $s) (call $sum (array.get $list (struct.get $node 9 (local.get $m)) (i32.const 0)) (i32.sub (local.get $depth) (i32.const 1)))))))
          (i64.add (local.get $s) (i64.extend_i32_u (i32.add (ref.eq (local.get $m) (struct.get $node 7 (local.get $m))) (ref.test (ref $node) (struct.get $node 10 (local.get $m)))))))
        (func (export "digest") (result i64)
          (i64.add (i64.add (call $sum (global.get $root) (i32.const 5)) (call $sum (table.get $nodes (i32.const 1)) (i32.const 3)))
                   (i64.add (global.get $last) (i64.add (i64x2.extract_lane 0 (global.get $vector)) (i64.extend_i32_s (i32.add (global.get $budget) (global.get $sp)))))))

        """;

    private static readonly Kind[] Kinds = Enum.GetValues<Kind>();

    /// <summary>The kinds that code can make a value of.</summary>
    private static readonly Kind[] Made = [.. Kinds.Where(kind => kind != Kind.Exception)];

    private readonly RandomSource _random;
    private readonly List<(Kind[] Parameters, Kind[] Results)> _functions = [];
    private int _labels;
    private int _counters;
    private bool _hasFrame;
    private Kind[] _parameters = [];

    private WaitingModule(RandomSource random) => _random = random;

    private enum Kind
    {
        I32,
        I64,
        F32,
        F64,
        V128,
        Node,
        List,
        Integer,
        Unary,
        External,
        Any,
        Exception,
    }

    /// <summary>A module in the text format.</summary>
    public static string Make(ulong seed) => new WaitingModule(new RandomSource(seed)).Write();

    private string Write()
    {
        for (var i = 0; i < Functions; i++)
            _functions.Add((Some(1 + _random.Below(3)), Some(1 + _random.Below(2))));
        var text = new StringBuilder(Head);
        for (var i = 0; i < Functions; i++)
            WriteFunction(text, $"$f{i}", _functions[i].Parameters, _functions[i].Results);
        for (var i = 0; i < Runs; i++)
            WriteFunction(text, $"$run{i} (export \"run{i}\")", [Kind.I32], [Kind.I64]);
        return text.ToString();
    }

    private Kind[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.Pick(Kinds))];

    private void WriteFunction(StringBuilder text, string name, Kind[] parameters, Kind[] results)
    {
        _counters = 0;
        _parameters = parameters;
        _hasFrame = _random.OneIn(2);
        var body = Statements(0);
        var values = string.Concat(results.Select(kind => "\n  " + Make(kind, 2)));
        text.Append(CultureInfo.InvariantCulture, $"(func {name}");
        foreach (var (i, kind) in parameters.Index())
            text.Append(CultureInfo.InvariantCulture, $" (param $p{i} {TypeOf(kind)})");
        text.Append(string.Concat(results.Select(kind => $" (result {TypeOf(kind)})"))).Append("\n ");
        foreach (var kind in Kinds)
            text.Append(string.Concat(Enumerable.Range(0, LocalsOfKind).Select(i => $" (local ${kind}{i} {TypeOf(kind)})")));
        text.Append(string.Concat(Enumerable.Range(0, _counters).Select(i => $" (local $counter{i} i32)"))).Append(" (local $sp i32)\n");
        text.Append(CultureInfo.InvariantCulture, $"  (if (i32.le_s (global.get $budget) (i32.const 0)) (then (return {string.Join(' ', results.Select(Default))})))\n");
        text.Append("  (global.set $budget (i32.sub (global.get $budget) (i32.const 1)))\n");
        text.Append(_hasFrame ? "  (global.set $sp (local.tee $sp (i32.sub (global.get $sp) (i32.const 32))))\n" : "  (local.set $sp (global.get $sp))\n");
        text.Append(body);
        if (_hasFrame)
            text.Append("  (global.set $sp (i32.add (local.get $sp) (i32.const 32)))\n");
        text.Append(values).Append(")\n");
    }

    private static string TypeOf(Kind kind) => kind switch
    {
        Kind.Node => "(ref null $node)",
        Kind.List => "(ref null $list)",
        Kind.Integer => "i31ref",
        Kind.Unary => "(ref null $unary)",
        Kind.External => "externref",
        Kind.Any => "anyref",
        Kind.Exception => "exnref",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Default(Kind kind) => kind switch
    {
        Kind.I32 or Kind.I64 or Kind.F32 or Kind.F64 => $"({TypeOf(kind)}.const 1)",
        Kind.V128 => "(v128.const i64x2 3 4)",
        Kind.Node => "(ref.null $node)",
        Kind.List => "(ref.null $list)",
        Kind.Integer => "(ref.null i31)",
        Kind.Unary => "(ref.null $unary)",
        Kind.External => "(ref.null extern)",
        Kind.Any => "(ref.null any)",
        _ => "(ref.null exn)",
    };

    /// <summary>A local of a kind, which may be a parameter.</summary>
    private string Local(Kind kind)
    {
        var fitting = _parameters.Index().Where(parameter => parameter.Item == kind).ToList();
        return fitting.Count > 0 && _random.OneIn(2) ? $"$p{_random.Pick(fitting).Index}" : $"${kind}{_random.Below(LocalsOfKind)}";
    }

    private string Get(Kind kind) => $"(local.get {Local(kind)})";

    private string Statements(int depth)
    {
        var text = new StringBuilder();
        for (var count = 1 + _random.Below(MostStatements); count > 0; count--)
            text.Append(' ', 2 + (2 * depth)).Append(Statement(depth)).Append('\n');
        return text.ToString();
    }

    private string Statement(int depth)
    {
        if (depth < 2 && _random.OneIn(3))
        {
            return _random.Below(4) switch
            {
                0 => $"(if {Make(Kind.I32, 2)} (then\n{Statements(depth + 1)}) (else\n{Statements(depth + 1)}))",
                1 => Loop(depth),
                _ => Try(depth),
            };
        }

        var kind = _random.Pick(Made);
        return _random.Below(14) switch
        {
            0 => $"(global.set $root {Make(Kind.Node, 2)})",
            1 => $"(global.set $vector {Make(Kind.V128, 2)})",
            2 => $"(global.set $last {Make(Kind.I64, 2)})",
            3 => $"(i32.store {Address()} {Make(Kind.I32, 2)})",
            4 => StructSet(),
            5 => $"(array.set $list (call $list_of {Make(Kind.List, 1)}) (i32.const 0) {Make(Kind.Node, 2)})",
            6 => $"(table.set $nodes (i32.const {_random.Below(4)}) {Make(Kind.Node, 2)})",
            7 => $"(call $wait_m {Make(Kind.I32, 2)} {Make(Kind.F64, 2)}) (local.set $F320) (local.set $I641)",
            8 => $"(local.set {Local(Kind.I64)} (call $nest (i32.const {_random.Below(Runs)}) {Make(Kind.I32, 2)}))",
            9 => CallForAll(),
            10 when _random.OneIn(4) => $"(if (i32.eq {Make(Kind.I32, 1)} (i32.const 7)) (then (throw $tag {Make(Kind.I64, 1)} {Make(Kind.Node, 1)})))",
            11 when _hasFrame => $"(i64.store offset=8 (local.get $sp) {Make(Kind.I64, 2)})",
            _ => $"(local.set {Local(kind)} {Make(kind, MostDepth)})",
        };
    }

    private string Loop(int depth)
    {
        var counter = $"$counter{_counters++}";
        var label = $"$l{_labels++}";
        return $"(local.set {counter} (i32.const {1 + _random.Below(3)}))\n(loop {label}\n{Statements(depth + 1)}(br_if {label} (local.tee {counter} (i32.sub (local.get {counter}) (i32.const 1)))))";
    }

    private string Try(int depth)
    {
        var n = _labels++;
        var body = Statements(depth + 1);
        var thrown = _random.OneIn(2) ? $"(throw $tag {Make(Kind.I64, 2)} {Make(Kind.Node, 2)})" : "";
        var again = _random.OneIn(4) ? "(if (i32.eqz (ref.is_null (local.get $Exception1))) (then (throw_ref (local.get $Exception1))))" : "";

        // As compilers of C do it; else the parts of the stack of what has thrown would stay.
        const string restore = "(global.set $sp (local.get $sp))";
        return $"""
            (block $done{n}
              (block $all{n} (result exnref)
                (block $caught{n} (result i64 (ref null $node) exnref)
                  (try_table (catch_ref $tag $caught{n}) (catch_all_ref $all{n})
            {body}{again}{thrown})
                  (br $done{n}))
                (local.set $Exception0) (local.set $Node0) (local.set $I640) {restore}
            {Statements(depth + 1)}
                (br $done{n}))
              (local.set $Exception1) {restore}
            {Statements(depth + 1)})
            """;
    }

    private string StructSet()
    {
        var (field, kind) = _random.Pick<(int, Kind)>(
            [(0, Kind.I32), (1, Kind.I64), (2, Kind.F32), (3, Kind.F64), (4, Kind.V128), (5, Kind.I32), (6, Kind.I32), (7, Kind.Node), (8, Kind.Node), (9, Kind.List), (10, Kind.Any), (11, Kind.External)]);
        return $"(struct.set $node {field} (call $node_of {Make(Kind.Node, 1)}) {Make(kind, 2)})";
    }

    private string CallForAll()
    {
        var function = _random.Below(Functions);
        return Call(function, 2) + string.Concat(_functions[function].Results.Reverse().Select(kind => $" (local.set {Local(kind)})"));
    }

    private string Call(int function, int depth) => $"(call $f{function}{string.Concat(_functions[function].Parameters.Select(kind => " " + Make(kind, depth - 1)))})";

    private string Address() => $"(i32.add (i32.and {Make(Kind.I32, 1)} (i32.const 1020)) (i32.const 1024))";

    /// <summary>An expression of a kind.</summary>
    private string Make(Kind kind, int depth)
    {
        if (depth <= 0 || kind == Kind.Exception)
            return _random.OneIn(3) ? Default(kind) : Get(kind);
        if (_random.OneIn(8))
            return $"(if (result {TypeOf(kind)}) {Make(Kind.I32, depth - 1)} (then {Make(kind, depth - 1)}) (else {Make(kind, depth - 1)}))";
        if (_random.OneIn(8))
            return $"(block (result {TypeOf(kind)}) (drop {Make(_random.Pick(Made), depth - 1)}) {Make(kind, depth - 1)})";
        var calls = _functions.Index().Where(function => function.Item.Results.SequenceEqual([kind])).ToList();
        if (calls.Count > 0 && _random.OneIn(5))
            return Call(_random.Pick(calls).Index, depth);
        var (n, e) = ($"(call $node_of {Make(Kind.Node, depth - 1)})", Make(kind, depth - 1));
        return kind switch
        {
            Kind.I32 => _random.Below(12) switch
            {
                0 => $"(i32.add {e} {Make(kind, depth - 1)})",
                1 => $"(i32.xor {e} {Make(kind, depth - 1)})",
                2 => $"(call $wait_i {e})",
                3 => $"(i32.load {Address()})",
                4 => $"(struct.get $node 0 {n})",
                5 => $"(i32.wrap_i64 {Make(Kind.I64, depth - 1)})",
                6 => $"(call_ref $unary {e} (call $unary_of {Make(Kind.Unary, depth - 1)}))",
                7 => $"(call_indirect $functions (type $unary) {e} (i32.const {_random.Below(3)}))",
                8 => $"(ref.eq {Make(Kind.Node, depth - 1)} {Make(Kind.Node, depth - 1)})",
                9 => $"(i31.get_s (ref.i31 {e}))",
                10 => $"(ref.is_null {Make(Kind.Any, depth - 1)})",
                _ => Get(kind),
            },
            Kind.I64 => _random.Below(7) switch
            {
                0 => $"(i64.add {e} {Make(kind, depth - 1)})",
                1 => $"(i64.mul {e} (i64.const 31))",
                2 => $"(call $wait_l {e})",
                3 => $"(struct.get $node 1 {n})",
                4 => $"(i64x2.extract_lane 1 {Make(Kind.V128, depth - 1)})",
                5 when _hasFrame => "(i64.load offset=8 (local.get $sp))",
                _ => $"(i64.extend_i32_s {Make(Kind.I32, depth - 1)})",
            },
            Kind.F32 => _random.Below(4) switch
            {
                0 => $"(f32.add {e} {Make(kind, depth - 1)})",
                1 => $"(call $wait_f {e})",
                2 => $"(struct.get $node 2 {n})",
                _ => $"(f32.convert_i32_s {Make(Kind.I32, depth - 1)})",
            },
            Kind.F64 => _random.Below(4) switch
            {
                0 => $"(f64.mul {e} {Make(kind, depth - 1)})",
                1 => $"(call $wait_d {e})",
                2 => $"(struct.get $node 3 {n})",
                _ => $"(f64.convert_i32_s {Make(Kind.I32, depth - 1)})",
            },
            Kind.V128 => _random.Below(5) switch
            {
                0 => $"(i64x2.add {e} {Make(kind, depth - 1)})",
                1 => $"(call $wait_v {e})",
                2 => $"(struct.get $node 4 {n})",
                3 => $"(i64x2.splat {Make(Kind.I64, depth - 1)})",
                _ => "(global.get $vector)",
            },
            Kind.Node => _random.Below(7) switch
            {
                0 or 1 => $"(struct.new $node {Get(Kind.I32)} {Make(Kind.I64, depth - 2)} {Get(Kind.F32)} {Get(Kind.F64)} {Get(Kind.V128)} {Get(Kind.I32)} {Get(Kind.I32)} {e} {Make(kind, depth - 1)} {Get(Kind.List)} {Get(Kind.Any)} {Get(Kind.External)})",
                2 => $"(struct.get $node {7 + _random.Below(2)} {n})",
                3 => $"(array.get $list (call $list_of {Make(Kind.List, depth - 1)}) (i32.const 0))",
                4 => $"(table.get $nodes (i32.const {_random.Below(4)}))",
                5 => $"(ref.cast (ref null $node) (call $wait_a {e}))",
                _ => "(global.get $root)",
            },
            Kind.List => _random.Below(3) switch
            {
                0 => $"(array.new_fixed $list 2 {Make(Kind.Node, depth - 1)} {Get(Kind.Node)})",
                1 => $"(struct.get $node 9 {n})",
                _ => Get(kind),
            },
            Kind.Integer => _random.OneIn(2) ? $"(ref.i31 {Make(Kind.I32, depth - 1)})" : Get(kind),
            Kind.Unary => _random.Pick(["(ref.func $plain)", "(ref.func $waits)", Get(kind)]),
            Kind.External => _random.OneIn(2) ? $"(call $wait_x {e})" : $"(struct.get $node 11 {n})",
            _ => _random.Below(6) switch
            {
                0 => Make(Kind.Node, depth - 1),
                1 => Make(Kind.Integer, depth - 1),
                2 => $"(any.convert_extern {Make(Kind.External, depth - 1)})",
                3 => $"(call $wait_a {e})",
                4 => $"(struct.get $node 10 {n})",
                _ => Make(Kind.List, depth - 1),
            },
        };
    }
}
