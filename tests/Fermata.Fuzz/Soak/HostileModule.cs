using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Fermata.Fuzz.Soak;

/// <summary>Makes modules that are as expensive as they can be. Each has some of the shapes only, so that these meet more often.</summary>
internal sealed partial class HostileModule
{
    /// <summary>The elements that the tables of a module have at the beginning.</summary>
    public const int TableElements = 32;

    private const int MostFunctions = 6;
    private const int MostStatements = 4;
    private const int MostDepth = 3;
    private const int MostStraight = 2_000;

    private readonly RandomSource _random;
    private readonly int _functions;
    private readonly int _pages;
    private readonly List<Shape> _leaves;
    private readonly List<Shape> _wrappers;
    private int _labels;
    private int _counters;

    private HostileModule(RandomSource random)
    {
        _random = random;
        _functions = 2 + random.Below(MostFunctions - 1);
        _pages = 2 << random.Below(8);
        _leaves = Some(Shapes.Leaves, 2 + random.Below(8));
        _wrappers = Some(Shapes.Wrappers, 1 + random.Below(4));
    }

    /// <summary>How many functions it has that the host may call: <c>f0</c> and so on.</summary>
    public int Functions => _functions;

    /// <summary>The bytes that its memories have at the beginning.</summary>
    public long MemoryBytes => (_pages + 1L) * Memory.PageSize;

    /// <summary>The module in the text format.</summary>
    public string Text { get; private set; } = "";

    public static HostileModule Make(RandomSource random)
    {
        var module = new HostileModule(random);
        module.Text = module.Write();
        return module;
    }

    private List<Shape> Some(Shape[] shapes, int count) => [.. Enumerable.Range(0, count).Select(_ => _random.Pick(shapes)).Distinct()];

    private string Write()
    {
        var text = new StringBuilder(
            $"""
            (module ;; {string.Join(", ", _leaves.Concat(_wrappers).Select(shape => shape.Name))}
            {Imports}
            {Types}
            (memory $memory (export "memory") {_pages} {_pages + 1024})
            (memory $shared (export "shared") 1 64 shared)
            (table $table (export "table") 16 1000 funcref)
            (table $objects (export "objects") 16 1000000 eqref)
            (elem (table $table) (i32.const 0) func {string.Join(' ', Enumerable.Range(0, 16).Select(i => $"$f{i % _functions}"))})
            {Rest}
            """);
        for (var i = 0; i < _functions; i++)
        {
            _counters = 0;
            var body = Body(0);
            var counters = string.Concat(Enumerable.Range(0, _counters).Select(number => $" (local $i{number} i32)"));
            text.Append(CultureInfo.InvariantCulture, $"\n(func $f{i} (export \"f{i}\") (type $f) (param $n i32) (result i32)\n(local $x i32) (local $y i64) (local $node (ref null $node)){counters}\n");
            text.Append(CultureInfo.InvariantCulture, $"{body}(local.get $x))");
        }

        return text.Append(")\n").ToString();
    }

    private string Body(int depth)
    {
        var body = new StringBuilder();
        for (var i = 1 + _random.Below(MostStatements); i > 0; i--)
            body.Append(' ', 2 + 2 * depth).Append(Fill(_random.Pick(depth < MostDepth && _random.OneIn(3) ? _wrappers : _leaves), depth)).Append('\n');
        return body.ToString();
    }

    private string Fill(Shape shape, int depth)
    {
        var (a, b, counter) = ($"$a{_labels}", $"$b{_labels++}", "");
        return Place().Replace(shape.Text, match => match.Value switch
        {
            "{a}" => a,
            "{b}" => b,
            "{counter}" => counter = counter.Length > 0 ? counter : $"$i{_counters++}",
            "{body}" => "\n" + Body(depth + 1),
            "{function}" => $"$f{_random.Below(_functions)}",
            "{memory}" => _random.OneIn(4) ? "$shared" : "$memory",
            "{arithmetic}" => Repeat("(local.set $x (i32.add (i32.mul (local.get $x) (i32.const 31)) (local.get $n)))"),
            "{stores}" => Repeat("(i64.store $memory (i32.const 1024) (i64.add (i64.load $memory (i32.const 1024)) (local.get $y)))"),
            var place => Number(place).ToString(CultureInfo.InvariantCulture),
        });
    }

    private string Repeat(string statement) => string.Join('\n', Enumerable.Repeat(statement, UpTo(MostStraight)));

    private long Number(string place) => place switch
    {
        "{address}" => 16 + _random.Below(4096),
        "{any}" => (uint)Mutation.Constants.Bits(_random),
        "{bytes}" => UpTo(_random.OneIn(50) ? int.MaxValue : (_random.OneIn(4) ? 1 : _pages) * Memory.PageSize - 8192),
        "{elements}" => _random.OneIn(20) ? int.MaxValue : UpTo(1 << 20),
        "{pages}" => UpTo(_random.OneIn(20) ? 65536 : 64),
        "{period}" => UpTo(100_000),
        "{nanoseconds}" => UpTo(20_000_000),
        "{milliseconds}" => _random.Below(4),
        "{index}" => _random.OneIn(100) ? 100 : _random.Below(16),
        "{depth}" => UpTo(2_000_000),
        "{times}" => UpTo(1_000_000),
        _ => throw new FuzzException($"There is no place {place}."),
    };

    /// <summary>A number from 1, of any magnitude up to a limit.</summary>
    private int UpTo(int limit) => 1 + _random.Below(limit >> _random.Below(1 + int.Log2(limit)));

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Place();

    private const string Imports = """
        (import "env" "pause" (func $pause (param i32)))
        (import "env" "ready" (func $ready))
        (import "env" "never" (func $never))
        (import "env" "write" (func $write (param i32)))
        (import "env" "nest" (func $nest (param i32 i32)))
        (import "env" "await" (func $await (param i32 i32)))
        (import "env" "swallow" (func $swallow (param i32 i32)))
        (import "env" "swallowAsync" (func $swallowAsync (param i32 i32)))
        (import "env" "untyped" (func $untyped (param i32 i32)))
        (import "env" "fail" (func $fail))
        (import "env" "failAsync" (func $failAsync))
        (import "env" "exit" (func $exit))
        (import "env" "end" (func $end))
        (import "host" "exception" (tag $host (param externref)))
        """;

    private const string Types = """
        (type $f (func (param $n i32) (result i32)))
        (type $array (array (mut i64)))
        (type $bytes (array i8))
        (rec (type $node (struct (field (mut (ref null $node))) (field i64))))
        (tag $number (param i32))
        (tag $empty)
        """;

    // malloc, for C stacks of their own, gives out the same memory again after a while.
    private const string Rest = """
        (elem $functions func $f0 $f1)
        (data $data "0123456789abcdef")
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 60000))
        (global $heap (mut i32) (i32.const 65536))
        (global $array (mut (ref $array)) (array.new_default $array (i32.const 1)))
        (global $nodes (mut (ref null $node)) (ref.null $node))
        (global $exception (mut exnref) (ref.null exn))
        (global $count (mut i32) (i32.const 0))
        (func (export "malloc") (param i32) (result i32)
          (global.set $heap (i32.add (global.get $heap) (local.get 0)))
          (if (i32.gt_u (global.get $heap) (i32.const 131072)) (then (global.set $heap (i32.add (i32.const 65536) (local.get 0)))))
          (i32.sub (global.get $heap) (local.get 0)))
        (func (export "free") (param i32))
        (func (export "ok") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        """;
}
