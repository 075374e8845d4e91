using System.Text;
using Fermata.Wast;

namespace Fermata.SpecTests;

/// <summary>The runner tells what holds from what does not.</summary>
public class WastRunnerTests
{
    private const string Functions = """
        (module $m
          (func (export "one") (result i32) (i32.const 1))
          (func (export "echo") (param i32 i64 f32 f64) (result i32 i64 f32 f64)
            (local.get 0) (local.get 1) (local.get 2) (local.get 3))
          (func (export "pass") (param externref) (result externref) (local.get 0))
          (func (export "self") (result funcref) (ref.func 0))
          (func (export "divide") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
          (func $endless (export "endless") (call $endless))
          (global (export "g") i64 (i64.const -5)))

        """;

    [Theory]
    [InlineData("(assert_return (invoke \"one\") (i32.const 1))")]
    [InlineData("(assert_return (invoke $m \"one\") (either (i32.const 0) (i32.const 1)))")]
    [InlineData("(assert_return (get \"g\") (i64.const 0xffff_ffff_ffff_fffb))")]
    [InlineData(
        "(assert_return (invoke \"echo\" (i32.const -1) (i64.const 2) (f32.const -0) (f64.const inf)) "
        + "(i32.const 0xffffffff) (i64.const 2) (f32.const -0) (f64.const inf))")]
    [InlineData(
        "(assert_return (invoke \"echo\" (i32.const 0) (i64.const 0) (f32.const nan) (f64.const -nan)) "
        + "(i32.const 0) (i64.const 0) (f32.const nan:canonical) (f64.const nan:canonical))")]
    [InlineData(
        "(assert_return (invoke \"echo\" (i32.const 0) (i64.const 0) (f32.const nan:0x600000) (f64.const nan:0x8000000000001)) "
        + "(i32.const 0) (i64.const 0) (f32.const nan:arithmetic) (f64.const nan:arithmetic))")]
    [InlineData("(assert_return (invoke \"pass\" (ref.extern 7)) (ref.extern 7))")]
    [InlineData("(assert_return (invoke \"pass\" (ref.extern 7)) (ref.extern))")]
    [InlineData("(assert_return (invoke \"pass\" (ref.null extern)) (ref.null))")]
    [InlineData("(assert_return (invoke \"self\") (ref.func))")]
    [InlineData("(assert_trap (invoke \"divide\" (i32.const 0)) \"integer divide\")")]
    [InlineData("(assert_exhaustion (invoke \"endless\") \"call stack exhausted\")")]
    [InlineData("(assert_malformed (module quote \"(func (frob))\") \"unknown operator\")")]
    [InlineData("(assert_malformed (module binary \"\") \"unexpected end\")")]
    [InlineData("(assert_invalid (module (func (result i32))) \"type mismatch\")")]
    [InlineData("(assert_malformed_custom (module quote \"(@custom)\") \"@custom annotation: missing section name\")")]
    [InlineData("(assert_malformed_custom (module (@custom \"name\" \"\\63\")) \"custom @name: invalid name subsection id\")")]
    [InlineData("(assert_invalid_custom (module (@custom \"name\" \"\\01\\03\\01\\00\\00\")) \"custom @name: invalid function index\")")]
    [InlineData("(assert_unlinkable (module (import \"no\" \"thing\" (func))) \"unknown import\")")]
    [InlineData("(assert_trap (module (func $f (unreachable)) (start $f)) \"unreachable\")")]
    [InlineData("(register \"M\" $m) (module (import \"M\" \"one\" (func $f (result i32))) (export \"f\" (func $f))) "
        + "(assert_return (invoke \"f\") (i32.const 1))")]
    [InlineData("(module definition $d (func (export \"f\"))) (module instance $i $d) (assert_return (invoke $i \"f\"))")]
    [InlineData("(module binary \"\\00asm\\01\\00\\00\\00\") (assert_return (invoke $m \"one\") (i32.const 1))")]
    public void What_holds_passes(string commands)
    {
        var report = Run(Functions + commands);

        Assert.Empty(report.Results.Where(result => result.Outcome != WastOutcome.Passed).Select(result => result.ToString()));
        Assert.Equal(1, report.Passed);
    }

    [Theory]
    [InlineData("(assert_return (invoke \"one\") (i32.const 2))", "expected (i32.const 2), got i32:1")]
    [InlineData("(assert_return (invoke \"one\") (i64.const 1))", "expected (i64.const 1), got i32:1")]
    [InlineData("(assert_return (invoke \"one\"))", "expected nothing, got i32:1")]
    [InlineData("(assert_return (invoke \"two\"))", "no function \"two\" is exported")]
    [InlineData("(assert_return (get \"h\"))", "no global \"h\" is exported")]
    [InlineData("(assert_return (invoke $n \"one\"))", "nothing has the name $n")]
    [InlineData("(assert_return (invoke \"one\") (either (i32.const 2) (i32.const 3)))", "expected (either")]
    [InlineData("(assert_return (invoke \"pass\" (ref.extern 1)) (ref.extern 2))", "expected (ref.extern 2)")]
    [InlineData("(assert_return (invoke \"pass\" (ref.null extern)) (ref.extern))", "expected (ref.extern)")]
    [InlineData("(assert_return (invoke \"divide\" (i32.const 0)) (i32.const 0))", "ArithmeticTrapException")]
    [InlineData(
        "(assert_return (invoke \"echo\" (i32.const 0) (i64.const 0) (f32.const nan:0x400001) (f64.const 0)) "
        + "(i32.const 0) (i64.const 0) (f32.const nan:canonical) (f64.const 0))",
        "expected (i32.const 0) (i64.const 0) (f32.const nan:canonical)")]
    [InlineData("(assert_trap (invoke \"one\") \"unreachable\")", "no TrapException was raised")]
    [InlineData("(assert_trap (invoke \"divide\" (i32.const 0)) \"integer overflow\")", "expected \"integer overflow\"")]
    [InlineData("(assert_trap (invoke \"endless\") \"call stack exhausted\")", "the trap is of another kind")]
    [InlineData("(assert_exhaustion (invoke \"divide\" (i32.const 0)) \"integer divide by zero\")", "the trap is of another kind")]
    [InlineData("(assert_malformed (module quote \"(func)\") \"unexpected token\")", "no MalformedModuleException was raised")]
    [InlineData("(assert_malformed (module (func (result i32))) \"type mismatch\")", "InvalidModuleException")]
    [InlineData("(assert_invalid (module (func (result i32))) \"unknown type\")", "expected \"unknown type\", got \"type mismatch")]
    [InlineData("(assert_unlinkable (module) \"unknown import\")", "no LinkException was raised")]
    [InlineData("(assert_malformed_custom (module (@custom \"c\")) \"unexpected token\")", "no MalformedModuleException was raised")]
    [InlineData("(assert_invalid_custom (module (@custom \"c\")) \"unexpected token\")", "no InvalidModuleException was raised")]
    [InlineData("(assert_exception (invoke \"one\"))", "nothing was thrown")]
    public void What_does_not_hold_fails_and_says_why(string command, string reason)
    {
        var report = Run(Functions + "\n" + command);

        var result = Assert.Single(report.Results);
        Assert.Equal(WastOutcome.Failed, result.Outcome);
        Assert.StartsWith(reason, result.Reason, StringComparison.Ordinal);
        Assert.Equal(Functions.Count(c => c == '\n') + 2, result.Line);
    }

    [Fact]
    public void What_needs_a_module_that_failed_fails_too()
    {
        var report = Run("(module $m (func (export \"f\") (result i32)))\n(assert_return (invoke \"f\") (i32.const 0))\n(invoke $m \"f\")");

        Assert.Equal([1, 2, 3], report.Results.Select(result => result.Line));
        Assert.All(report.Results, result => Assert.Equal(WastOutcome.Failed, result.Outcome));
        Assert.Contains("at line 1, column 43", report.Results[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_tried_is_skipped_and_counted()
    {
        var report = Run("(assert_suspension (invoke \"f\") \"unhandled\")");

        Assert.Equal((0, 0, 1), (report.Passed, report.Failed, report.Skipped));
        Assert.Equal(1, report.Script.AssertionCount);
    }

    [Fact]
    public void A_thread_sees_what_is_shared_with_it_and_its_assertions_are_reported_when_it_is_waited_for()
    {
        const string text = """
            (module $m (memory (export "m") 1 1 shared) (func (export "get") (result i32) (i32.load (i32.const 0))))
            (register "env" $m)
            (thread $t (shared (module $m))
              (assert_unlinkable (module (memory (import "env" "m") 1 1 shared)) "unknown import")
              (register "env" $m)
              (module (memory (import "env" "m") 1 1 shared) (func (export "set") (i32.store (i32.const 0) (i32.const 7))))
              (assert_return (invoke "set"))
              (assert_return (invoke "none")))
            (thread $other (assert_unlinkable (module (memory (import "env" "m") 1 1 shared)) "unknown import"))
            (wait $t)
            (assert_return (invoke $m "get") (i32.const 7))
            (wait $t)
            """;

        var report = Run(text);

        Assert.Equal(
            [(4, WastOutcome.Passed), (7, WastOutcome.Passed), (8, WastOutcome.Failed), (11, WastOutcome.Passed), (12, WastOutcome.Failed), (9, WastOutcome.Passed)],
            report.Results.Select(result => (result.Line, result.Outcome)));
        Assert.Equal("no thread has the name $t", report.Results[4].Reason);
        Assert.Equal((5, 1), (report.Script.AssertionCount, report.Script.AssertionCountOutsideThreads));
    }

    [Fact]
    public void Threads_may_not_be_nested_without_end() =>
        Assert.Throws<MalformedModuleException>(() => Run(string.Concat(Enumerable.Repeat("(thread $t ", 100_000)) + new string(')', 100_000)));

    [Fact]
    public void A_script_may_be_the_fields_of_a_module() => Assert.Empty(Run("(func $f) (start $f)").Results);

    [Theory]
    [InlineData("(modul)", 1, 2)]
    [InlineData("(module)\n(assert_return (call \"f\"))", 2, 17)]
    [InlineData("(module", 1, 8)]
    [InlineData("(assert_return (invoke \"f\" (i32.const 1.5)))", 1, 39)]
    public void A_text_that_is_no_script_is_malformed(string text, int line, int column)
    {
        var error = Assert.Throws<MalformedModuleException>(() => WastScript.Parse("test", Encoding.UTF8.GetBytes(text)));

        Assert.Equal((line, column), (error.Line, error.Column));
    }

    private static WastReport Run(string text) => new WastRunner(new Engine()).Run(WastScript.Parse("test", Encoding.UTF8.GetBytes(text)));
}
