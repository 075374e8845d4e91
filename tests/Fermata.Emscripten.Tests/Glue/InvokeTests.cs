namespace Fermata.Emscripten.Tests.Glue;

/// <summary>Calls through the table that a <c>longjmp</c> may end.</summary>
public sealed class InvokeTests
{
    private const string Imports = """
        (import "env" "invoke_vi" (func $invoke_vi (param i32 i32)))
        (import "env" "emscripten_longjmp" (func $longjmp (param i32 i32)))
        """;

    private const string WaitImport = """(import "env" "wait" (func $wait (param i32) (result i32)))""";

    [Theory]
    [InlineData("i", "i32", false)]
    [InlineData("j", "i64", false)]
    [InlineData("f", "f32", false)]
    [InlineData("d", "f64", true)]
    [InlineData("i", "i32", true)]
    [InlineData("j", "i64", true)]
    public void Returns_what_the_function_returns_or_zero(string letter, string type, bool suspendsEverywhere)
    {
        using var program = GlueProgram.Start(
            suspendsEverywhere,
            $"""
            (import "env" "invoke_{letter}{letter}i" (func $invoke (param i32 {type} i32) (result {type})))
            (import "env" "_emscripten_throw_longjmp" (func $throw))
            """,
            "$same $jump",
            $"""
            (func $same (param {type} i32) (result {type}) (local.get 0))
            (func $jump (param {type} i32) (result {type}) (call $throw) (unreachable))
            (func (export "call") (param i32) (result f64)
              ({(type == "f64" ? "f64.abs" : type == "f32" ? "f64.promote_f32" : $"f64.convert_{type}_s")}
                (call $invoke (local.get 0) ({type}.const 7) (i32.const 1))))
            """);

        Assert.Equal((7.0, 0), (program["call"].Invoke(0)[0].AsF64(), program.Threw));
        Assert.Equal((0.0, 1), (program["call"].Invoke(1)[0].AsF64(), program.Threw));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void References_and_vectors_pass_too(bool suspendsEverywhere)
    {
        using var program = GlueProgram.Start(
            suspendsEverywhere,
            """
            (import "env" "invoke_any" (func $invoke (param i32 externref v128) (result externref v128)))
            (import "env" "_emscripten_throw_longjmp" (func $throw))
            """,
            "$same $jump",
            """
            (func $same (param externref v128) (result externref v128) (local.get 0) (local.get 1))
            (func $jump (param externref v128) (result externref v128) (call $throw) (unreachable))
            (func (export "call") (param i32 externref) (result externref i32)
              (call $invoke (local.get 0) (local.get 1) (v128.const i32x4 1 2 3 4))
              (i32x4.extract_lane 2))
            """);

        var same = program["call"].Invoke(0, Value.FromExternRef("x"));
        var jumped = program["call"].Invoke(1, Value.FromExternRef("x"));

        Assert.Equal(("x", 3), (same[0].AsRef(), same[1].AsI32()));
        Assert.Equal((null, 0), (jumped[0].AsRef(), jumped[1].AsI32()));
    }

    [Fact]
    public void A_legalised_import_calls_a_function_of_64_bits()
    {
        using var program = GlueProgram.Start(
            false,
            """
            (import "env" "invoke_jji" (func $invoke (param i32 i32 i32 i32) (result i32)))
            (import "env" "getTempRet0" (func $getTempRet0 (result i32)))
            (import "env" "_emscripten_throw_longjmp" (func $throw))
            """,
            "$sum",
            """
            (func $sum (param i64 i32) (result i64) (i64.add (local.get 0) (i64.extend_i32_u (local.get 1))))
            (func (export "call") (param i32 i32 i32) (result i32 i32)
              (call $invoke (i32.const 0) (local.get 0) (local.get 1) (local.get 2))
              (call $getTempRet0))
            """);

        var sum = program["call"].Invoke(-1, 5, 3);

        Assert.Equal((2, 6), (sum[0].AsI32(), sum[1].AsI32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_longjmp_leaves_all_frames_and_restores_the_stack_pointer(bool suspendsEverywhere)
    {
        using var program = GlueProgram.Start(suspendsEverywhere, Imports, "$down", Recursion(""));

        program["call"].Invoke(20);

        Assert.Equal((65536, 5, 1), (program.StackPointer, program.Threw, program.ThrewValue));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_longjmp_leaves_frames_that_were_suspended(bool suspendsEverywhere)
    {
        var waits = new List<TaskCompletionSource<int>>();
        using var program = GlueProgram.Start(
            suspendsEverywhere, Imports + WaitImport, "$down", Recursion("(drop (call $wait (local.get $n)))"), Waiting(waits));

        var call = program["call"].InvokeAsync(3);
        for (var i = 0; i < 4; i++)
        {
            Assert.False(call.IsCompleted);
            waits[i].SetResult(0);
        }

        await call;
        Assert.Equal((65536, 5, 1), (program.StackPointer, program.Threw, program.ThrewValue));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_nested_calls_the_inner_one_ends(bool suspendsEverywhere)
    {
        using var program = GlueProgram.Start(
            suspendsEverywhere,
            Imports,
            "$outer $inner",
            """
            (func $outer (param i32)
              (call $invoke_vi (i32.const 1) (local.get 0))
              (global.set $count (i32.add (global.get $count) (call $takeThrew)))
              (call $longjmp (i32.const 20) (i32.const 0)))
            (func $inner (param i32) (call $longjmp (i32.const 10) (i32.const 0)))
            (global $count (export "count") (mut i32) (i32.const 0))
            (func (export "call") (call $invoke_vi (i32.const 0) (i32.const 0)))
            """);

        program["call"].Invoke();

        Assert.Equal((10, 20), (program.Instance.GetGlobal("count").Value.AsI32(), program.Threw));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trap_passes_and_its_trace_has_the_call(bool suspendsEverywhere)
    {
        using var program = GlueProgram.Start(
            suspendsEverywhere, Imports, "$fail", """(func $fail (param i32) (unreachable)) (func $call (export "call") (call $invoke_vi (i32.const 0) (i32.const 0)))""");

        var trap = Assert.Throws<TrapException>(() => program["call"].Invoke());

        Assert.Equal(["program!fail", "program!invoke_vi", "program!call"], trap.WasmStack.Select(frame => frame.ToString()));
        Assert.Equal(0, program.Threw);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_exit_passes(bool suspendsEverywhere)
    {
        using var program = GlueProgram.Start(
            suspendsEverywhere,
            Imports + """(import "env" "exit" (func $exit (param i32)))""",
            "$exit",
            """(func (export "call") (call $invoke_vi (i32.const 0) (i32.const 3)))""",
            linker => linker.Define("env", "exit", (Action<int>)(code => throw new WasmExitException(code))));

        Assert.Equal(3, Assert.Throws<WasmExitException>(() => program["call"].Invoke()).ExitCode);
        Assert.Equal(0, program.Threw);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Exceptions_of_the_program_and_of_the_host_pass(bool suspendsEverywhere)
    {
        using var program = GlueProgram.Start(
            suspendsEverywhere,
            Imports + """(import "env" "fail" (func $fail (param i32)))""",
            "$throw $fail",
            """
            (tag $own (param i32))
            (func $throw (param i32) (throw $own (local.get 0)))
            (func (export "call") (param i32) (result i32)
              (block $caught (result i32)
                (try_table (catch $own $caught) (call $invoke_vi (local.get 0) (i32.const 7)))
                (i32.const 0)))
            """,
            linker => linker.Define("env", "fail", (Action<int>)(code => throw new FormatException($"{code}"))));

        Assert.Equal((7, 0), (program["call"].Invoke(0)[0].AsI32(), program.Threw));
        Assert.Equal("7", Assert.Throws<FormatException>(() => program["call"].Invoke(1)).Message);
        Assert.Equal(0, program.Threw);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Two_calls_that_wait_do_not_disturb_each_other(bool suspendsEverywhere, bool firstEndsFirst)
    {
        var waits = new List<TaskCompletionSource<int>>();
        using var program = GlueProgram.Start(
            suspendsEverywhere,
            """
            (import "env" "invoke_ii" (func $invoke_ii (param i32 i32) (result i32)))
            (import "env" "_emscripten_throw_longjmp" (func $throw))
            """ + WaitImport,
            "$work",
            """
            (func $work (param $n i32) (result i32)
              (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 32)))
              (i32.store (global.get $__stack_pointer) (local.get $n))
              (if (call $wait (local.get $n)) (then (call $throw)))
              (local.set $n (i32.load (global.get $__stack_pointer)))
              (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const 32)))
              (local.get $n))
            (func (export "call") (param $n i32) (result i32 i32 i32)
              (local $before i32) (local $result i32)
              (local.set $before (global.get $__stack_pointer))
              (local.set $result (call $invoke_ii (i32.const 0) (local.get $n)))
              (local.get $result)
              (call $takeThrew)
              (i32.eq (local.get $before) (global.get $__stack_pointer)))
            """,
            Waiting(waits));

        var jumping = program["call"].InvokeAsync(11);
        var returning = program["call"].InvokeAsync(22);
        int[] order = firstEndsFirst ? [0, 1] : [1, 0];
        foreach (var i in order)
            waits[i].SetResult(1 - i);

        Assert.Equal([0, 1, 1], (await jumping).Select(value => value.AsI32()));
        Assert.Equal([22, 0, 1], (await returning).Select(value => value.AsI32()));
    }

    [Theory]
    [InlineData("_emscripten_throw_longjmp")]
    [InlineData("emscripten_throw_longjmp")]
    [InlineData("emscripten_longjmp", 3, 4)]
    [InlineData("_emscripten_longjmp", 3, 4)]
    [InlineData("longjmp", 3, 4)]
    public void A_longjmp_has_the_name_and_type_of_its_version(string name, params int[] values)
    {
        using var program = GlueProgram.Start(
            false,
            $"""
            (import "env" "invoke_v" (func $invoke_v (param i32)))
            (import "env" "{name}" (func $jump {string.Concat(values.Select(_ => "(param i32)"))}))
            """,
            "$f",
            $"""
            (func $f (call $jump {string.Concat(values.Select(value => $"(i32.const {value})"))}))
            (func (export "call") (call $invoke_v (i32.const 0)))
            """);

        program["call"].Invoke();

        Assert.Equal(values is [] ? (1, 0) : (3, 4), (program.Threw, program.ThrewValue));
    }

    [Fact]
    public void A_longjmp_that_nothing_ends_reaches_the_host()
    {
        using var program = GlueProgram.Start(false, Imports, "$jump", """(func $jump (export "jump") (call $longjmp (i32.const 1) (i32.const 2)))""");

        Assert.Equal(["emscripten_longjmp", "jump"], Assert.Throws<WasmException>(() => program["jump"].Invoke()).WasmStack.Select(frame => frame.FunctionName));
        Assert.Equal((1, 2), (program.Threw, program.ThrewValue));
    }

    /// <summary>Goes down, each time with 16 bytes of the C stack, and jumps from there.</summary>
    private static string Recursion(string work) =>
        $"""
        (func $down (param $n i32)
          (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))
          {work}
          (if (i32.eqz (local.get $n)) (then (call $longjmp (i32.const 5) (i32.const 0))))
          (call $down (i32.sub (local.get $n) (i32.const 1))))
        (func (export "call") (param $n i32) (call $invoke_vi (i32.const 0) (local.get $n)))
        """;

    /// <summary>A host function that waits until the test goes on.</summary>
    private static Action<Linker> Waiting(List<TaskCompletionSource<int>> waits) => linker => linker.Define("env", "wait", (int _) =>
    {
        var wait = new TaskCompletionSource<int>();
        waits.Add(wait);
        return wait.Task;
    });
}
