namespace Fermata.Emscripten.Tests.Glue;

/// <summary>C++ exceptions as Emscripten compiles them where its JavaScript searches for handlers.</summary>
/// <remarks>
/// The program has the types 100 and 200, a base of 100 that lies 4 bytes behind the beginning of an object, and 300; the address of an object is what tells exceptions apart.
/// Its <c>try</c> is what a compiler makes of a function with one handler and a local variable with a destructor.
/// </remarks>
public sealed class CppExceptionTests
{
    private const int Object = 1024;

    private const string Imports = """
        (import "env" "invoke_vi" (func $invoke_vi (param i32 i32)))
        (import "env" "__cxa_throw" (func $throw (param i32 i32 i32)))
        (import "env" "__cxa_find_matching_catch_2" (func $cleanup (result i32)))
        (import "env" "__cxa_find_matching_catch_3" (func $find (param i32) (result i32)))
        (import "env" "__cxa_find_matching_catch_5" (func $findOfThree (param i32 i32 i32) (result i32)))
        (import "env" "getTempRet0" (func $getTempRet0 (result i32)))
        (import "env" "llvm_eh_typeid_for" (func $typeid (param i32) (result i32)))
        (import "env" "__cxa_begin_catch" (func $begin (param i32) (result i32)))
        (import "env" "__cxa_end_catch" (func $end))
        (import "env" "__cxa_rethrow" (func $rethrow))
        (import "env" "__resumeException" (func $resume (param i32)))
        (import "env" "__cxa_uncaught_exceptions" (func $uncaught (result i32)))
        (import "env" "__cxa_current_primary_exception" (func $current (result i32)))
        (import "env" "__cxa_rethrow_primary_exception" (func $rethrowPrimary (param i32)))
        (import "env" "__cxa_current_exception_type" (func $currentType (result i32)))
        (import "env" "note" (func $note (param i32)))
        """;

    /// <summary>
    /// The exports of Emscripten's C++ library: whoever drops the last reference destroys the object, which is noted as 9. <c>try</c> calls a function of the table with
    /// an argument, under a handler of a type; it notes what the handler gets, or 7 for the destructor.
    /// </summary>
    private const string Fields = """
        (func (export "__cxa_can_catch") (param $caught i32) (param $thrown i32) (param $pointer i32) (result i32)
          (if (i32.and (i32.eq (local.get $caught) (i32.const 200)) (i32.eq (local.get $thrown) (i32.const 100)))
            (then
              (i32.store (local.get $pointer) (i32.add (i32.load (local.get $pointer)) (i32.const 4)))
              (return (i32.const 1))))
          (i32.const 0))
        (func (export "__cxa_is_pointer_type") (param $type i32) (result i32) (i32.eq (local.get $type) (i32.const 300)))
        (func $count (param $object i32) (param $by i32) (result i32)
          (i32.store (i32.sub (local.get $object) (i32.const 24)) (i32.add (i32.load (i32.sub (local.get $object) (i32.const 24))) (local.get $by)))
          (i32.load (i32.sub (local.get $object) (i32.const 24))))
        (func $increment (export "__cxa_increment_exception_refcount") (param $object i32) (drop (call $count (local.get $object) (i32.const 1))))
        (func $decrement (export "__cxa_decrement_exception_refcount") (param $object i32)
          (if (i32.eqz (call $count (local.get $object) (i32.const -1))) (then (call $note (i32.const 9)))))

        (func $try (param $function i32) (param $argument i32) (param $type i32)
          (local $object i32)
          (call $invoke_vi (local.get $function) (local.get $argument))
          (if (i32.eqz (call $takeThrew)) (then (return)))
          (local.set $object (call $find (local.get $type)))
          (call $note (i32.const 7))
          (if (i32.and (i32.ne (local.get $type) (i32.const 0)) (i32.ne (call $getTempRet0) (call $typeid (local.get $type))))
            (then (call $resume (local.get $object))))
          (call $note (call $begin (local.get $object)))
          (call $end))
        (func (export "try") (param i32 i32 i32) (call $try (local.get 0) (local.get 1) (local.get 2)))
        (func (export "uncaught") (result i32) (call $uncaught))
        (func $throw100 (param $object i32) (call $throw (local.get $object) (i32.const 100) (i32.const 0)))
        """;

    [Theory]
    [InlineData(false, 100, new[] { 7, Object, 9 })]
    [InlineData(false, 200, new[] { 7, Object + 4, 9 })]
    [InlineData(false, 0, new[] { 7, Object, 9 })]
    [InlineData(true, 100, new[] { 7, Object, 9 })]
    [InlineData(true, 200, new[] { 7, Object + 4, 9 })]
    public void A_handler_gets_what_its_type_fits(bool suspendsEverywhere, int type, int[] expected)
    {
        using var test = Start(suspendsEverywhere, "$throw100", "");

        test.Call("try", 0, Object, type);

        Assert.Equal(expected, test.Notes);
        Assert.Equal(0, test.Program["uncaught"].Invoke()[0].AsI32());
    }

    [Fact]
    public void The_handler_of_a_pointer_gets_the_pointer()
    {
        using var test = Start(false, "$throw300", "(func $throw300 (param $object i32) (i32.store (local.get $object) (i32.const 77)) (call $throw (local.get $object) (i32.const 300) (i32.const 0)))");

        test.Call("try", 0, Object, 300);

        Assert.Equal([7, 77, 9], test.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_does_not_fit_unwinds_further_through_destructors(bool suspendsEverywhere)
    {
        using var test = Start(
            suspendsEverywhere, "$throw100 $inner", "(func $inner (param $object i32) (call $try (i32.const 0) (local.get $object) (i32.const 300)))");

        test.Call("try", 1, Object, 100);

        Assert.Equal([7, 7, Object, 9], test.Notes);
    }

    [Theory]
    [InlineData(300, 200, 100, 200)]
    [InlineData(300, 0, 200, 100)]
    [InlineData(300, 300, 300, 100)]
    [InlineData(300, 100, 200, 100)]
    public void The_first_of_several_handlers_that_fits_is_found(int first, int second, int third, int found)
    {
        using var test = Start(
            false,
            "$throw100",
            """
            (func (export "search") (param i32 i32 i32)
              (call $invoke_vi (i32.const 0) (i32.const 1024))
              (call $note (call $findOfThree (local.get 0) (local.get 1) (local.get 2)))
              (call $note (call $getTempRet0)))
            """);

        test.Call("search", first, second, third);

        Assert.Equal([Object, found], test.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_handler_that_throws_again_leaves_the_object_to_the_next(bool suspendsEverywhere)
    {
        using var test = Start(
            suspendsEverywhere,
            "$throw100 $again $catching",
            """
            (func $again (param i32) (call $rethrow))
            (func $catching (param $object i32)
              (local $caught i32)
              (call $invoke_vi (i32.const 0) (local.get $object))
              (drop (call $takeThrew))
              (drop (call $begin (call $find (i32.const 0))))
              (call $note (call $uncaught))
              (call $invoke_vi (i32.const 1) (i32.const 0))
              (drop (call $takeThrew))
              (call $note (call $uncaught))
              (local.set $caught (call $cleanup))
              (call $end)
              (call $resume (local.get $caught)))
            """);

        test.Call("try", 2, Object, 100);

        Assert.Equal([0, 1, 7, Object, 9], test.Notes);
        Assert.Equal(0, test.Program["uncaught"].Invoke()[0].AsI32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Handlers_nest(bool suspendsEverywhere)
    {
        using var test = Start(
            suspendsEverywhere,
            "$throw100",
            """
            (func (export "nested")
              (call $note (call $currentType))
              (call $invoke_vi (i32.const 0) (i32.const 1024))
              (drop (call $takeThrew))
              (drop (call $begin (call $find (i32.const 0))))
              (call $try (i32.const 0) (i32.const 2048) (i32.const 100))
              (call $note (call $currentType))
              (call $end)
              (call $note (call $currentType)))
            """);

        test.Call("nested");

        Assert.Equal([0, 7, 2048, 9, 100, 9, 0], test.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pointer_to_an_exception_keeps_it_and_throws_it_later(bool suspendsEverywhere)
    {
        using var test = Start(
            suspendsEverywhere,
            "$throw100 $rethrowPrimary",
            """
            (func (export "pointer")
              (local $pointer i32)
              (call $note (call $current))
              (call $invoke_vi (i32.const 0) (i32.const 1024))
              (drop (call $takeThrew))
              (drop (call $begin (call $find (i32.const 0))))
              (local.set $pointer (call $current))
              (call $end)
              (call $rethrowPrimary (i32.const 0))
              (call $try (i32.const 1) (local.get $pointer) (i32.const 100))
              (call $note (i32.const 8))
              (call $decrement (local.get $pointer)))
            """);

        test.Call("pointer");

        Assert.Equal([0, 7, Object, 8, 9], test.Notes);
        Assert.Equal(0, test.Program["uncaught"].Invoke()[0].AsI32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_that_wait_while_they_unwind_catch_their_own_exceptions(bool suspendsEverywhere)
    {
        var waits = new List<TaskCompletionSource>();
        using var test = Start(
            suspendsEverywhere,
            "$throw100 $destructing",
            """
            (func $destructing (param $object i32)
              (local $thrown i32)
              (call $invoke_vi (i32.const 0) (local.get $object))
              (drop (call $takeThrew))
              (local.set $thrown (call $cleanup))
              (call $wait)
              (call $resume (local.get $thrown)))
            """,
            """(import "env" "wait" (func $wait))""",
            linker => linker.Define("env", "wait", () =>
            {
                waits.Add(new TaskCompletionSource());
                return (Task)waits[^1].Task;
            }));

        var first = test.Program["try"].InvokeAsync(1, 1024, 100);
        var second = test.Program["try"].InvokeAsync(1, 2048, 100);
        waits[0].SetResult();
        await first;
        waits[1].SetResult();
        await second;

        Assert.Equal([7, 1024, 9, 7, 2048, 9], test.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trap_passes(bool suspendsEverywhere)
    {
        using var test = Start(suspendsEverywhere, "$fail", "(func $fail (param i32) (unreachable))");

        Assert.Throws<TrapException>(() => test.Call("try", 0, 0, 0));

        Assert.Empty(test.Notes);
    }

    [Fact]
    public void An_exception_that_nothing_catches_reaches_the_host_with_its_object()
    {
        using var test = Start(false, "$throw100", """(func (export "throw") (call $throw100 (i32.const 1024)))""");

        Assert.Equal(Object, Assert.Throws<WasmException>(() => test.Call("throw")).Values[0].AsI32());
        Assert.Equal(1, test.Program["uncaught"].Invoke()[0].AsI32());
    }

    [Fact]
    public void A_program_that_only_throws_needs_no_library()
    {
        using var program = GlueProgram.Start(
            false, """(import "env" "__cxa_throw" (func $throw (param i32 i32 i32)))""", "", """(func (export "throw") (call $throw (i32.const 1024) (i32.const 100) (i32.const 5)))""");

        Assert.Throws<WasmException>(() => program["throw"].Invoke());

        var header = program.Instance.GetMemory("memory");
        Assert.Equal((100, 5), (header.Read<int>(Object - 20), header.Read<int>(Object - 16)));
    }

    private static Test Start(bool suspendsEverywhere, string functions, string fields, string imports = "", Action<Linker>? define = null)
    {
        var notes = new List<int>();
        return new Test(
            GlueProgram.Start(suspendsEverywhere, Imports + imports, functions, Fields + fields, linker =>
            {
                linker.Define("env", "note", (int value) => notes.Add(value));
                define?.Invoke(linker);
            }),
            notes);
    }

    private sealed record Test(GlueProgram Program, List<int> Notes) : IDisposable
    {
        public void Call(string name, params ReadOnlySpan<Value> arguments) => Program[name].Invoke(arguments);

        public void Dispose() => Program.Dispose();
    }
}
