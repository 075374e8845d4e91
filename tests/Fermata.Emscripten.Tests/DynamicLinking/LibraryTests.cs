namespace Fermata.Emscripten.Tests.DynamicLinking;

/// <summary>Libraries that programs load (<c>_dlopen_js</c>) and look into (<c>_dlsym_js</c>).</summary>
public sealed class LibraryTests
{
    private const string Data = """
        (import "GOT.mem" "counter" (global $counter (mut i32)))
        (import "GOT.mem" "own" (global $own (mut i32)))
        (import "GOT.func" "seven" (global $seven (mut i32)))
        (global (export "own") i32 (i32.const 8))
        (data (global.get $memory_base) "\05\00\00\00")
        (func (export "ownAddress") (result i32) (global.get $own))
        (func (export "base") (result i32) (global.get $memory_base))
        (func (export "seven.pointer") (result i32) (global.get $seven))
        (func (export "count") (result i32)
          (i32.store (global.get $counter) (i32.add (i32.load (global.get $counter)) (i32.const 1)))
          (call_indirect (result i32) (global.get $seven)))
        (func (export "__wasm_apply_data_relocs") (i32.store offset=8 (global.get $memory_base) (global.get $own)))
        """;

    private const string Throwing = """
        (global $threw (mut i32) (i32.const 0))
        (global $threwValue (export "threwValue") (mut i32) (i32.const 0))
        (func (export "setThrew") (param i32 i32)
          (if (i32.eqz (global.get $threw)) (then (global.set $threw (local.get 0)) (global.set $threwValue (local.get 1)))))
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Data_and_functions_of_the_main_module_are_reached_through_their_addresses(bool suspendsEverywhere)
    {
        await using var program = await LinkedProgram.StartAsync(
            suspendsEverywhere, """(import "GOT.func" "seven" (global $seven (mut i32)))""",
            """
            (global (export "counter") i32 (i32.const 512))
            (func (export "seven") (result i32) (i32.const 7))
            (func (export "pointer") (result i32) (global.get $seven))
            """);
        program.AddFile("/lib/data.so", LinkedProgram.Library(Data));

        var handle = await program.OpenAsync("/lib/data.so");
        var count = program.Symbol(handle, "count");

        Assert.Equal(7, await program.CallAsync(count));
        Assert.Equal(1, program.Instance.Memory.Read<int>(512));
        Assert.Equal(await program.CallAsync("pointer"), await program.CallAsync(program.Symbol(handle, "seven.pointer")));
        Assert.Equal(count, program.Symbol(handle, "count"));
    }

    [Fact]
    public async Task Memory_of_a_library_is_aligned_and_its_data_relocated()
    {
        await using var program = await LinkedProgram.StartAsync(false, fields: """(global (export "counter") i32 (i32.const 512)) (func (export "seven") (result i32) (i32.const 7))""");
        var library = await program.Instance.LoadLibraryAsync("data", LinkedProgram.Library(Data));

        var memory = library.Instance.GetFunction("base").Invoke()[0].AsI32();

        Assert.Equal(0, memory % 16);
        Assert.Equal((5, (uint)memory + 8, memory + 8), (program.Instance.Memory.Read<int>(memory), library.GetAddress("own"), program.Instance.Memory.Read<int>(memory + 8)));
        Assert.Equal(0u, library.GetAddress("nothing"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_main_module_calls_what_a_library_defines_later_and_waits_in_it(bool suspendsEverywhere)
    {
        var source = new TaskCompletionSource<int>();
        await using var program = await LinkedProgram.StartAsync(
            suspendsEverywhere, """(import "env" "late" (func $late (param i32) (result i32)))""", """(func (export "callLate") (result i32) (call $late (i32.const 40)))""",
            host => host.WithUnknownImportsAsTraps().Define("wait", () => source.Task));
        var trap = await Assert.ThrowsAsync<TrapException>(() => program.CallAsync("callLate"));
        Assert.Contains("late", trap.Message, StringComparison.Ordinal);
        Assert.Equal(TrapKind.UnknownImport, trap.Kind);
        program.AddFile("/lib/late.so", LinkedProgram.Library(
            """(import "env" "wait" (func $wait (result i32))) (func (export "late") (param i32) (result i32) (i32.add (local.get 0) (call $wait)))"""));
        Assert.NotEqual(0, await program.OpenAsync("late.so"));

        var calling = program.CallAsync("callLate");

        Assert.False(calling.IsCompleted);
        source.SetResult(2);
        Assert.Equal(42, await calling);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_library_calls_what_another_one_defines_later(bool suspendsEverywhere)
    {
        await using var program = await LinkedProgram.StartAsync(suspendsEverywhere);
        program.AddFile("/lib/first.so", LinkedProgram.Library("""(import "env" "second" (func $second (result i32))) (func (export "first") (result i32) (call $second))"""));
        program.AddFile("/lib/second.so", LinkedProgram.Library("""(func (export "second") (result i32) (i32.const 2))"""));
        var first = program.Symbol(await program.OpenAsync("first.so"), "first");
        var trap = await Assert.ThrowsAsync<TrapException>(() => program.CallAsync(first));
        Assert.Contains("second", trap.Message, StringComparison.Ordinal);

        await program.OpenAsync("second.so");

        Assert.Equal(2, await program.CallAsync(first));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Constructors_may_wait_and_those_of_needed_libraries_run_first(bool suspendsEverywhere)
    {
        var (source, order) = (new TaskCompletionSource(), new List<int>());
        await using var program = await LinkedProgram.StartAsync(suspendsEverywhere, configure: host => host.Define("tell", async (int number) =>
        {
            await source.Task;
            order.Add(number);
        }));
        program.AddFile("/lib/a.so", LinkedProgram.Library(
            """
            (import "env" "tell" (func $tell (param i32))) (import "env" "b" (func $b (result i32)))
            (func (export "__wasm_call_ctors") (call $tell (i32.const 1))) (func (export "a") (result i32) (call $b))
            """, [.. LinkedProgram.Memory(0, 0, 0, 0), .. LinkedProgram.Needed("b.so"), .. LinkedProgram.RuntimePaths("$ORIGIN/more")]));
        program.AddFile("/lib/more/b.so", LinkedProgram.Library(
            """
            (import "env" "tell" (func $tell (param i32)))
            (func (export "__wasm_call_ctors") (call $tell (i32.const 2))) (func (export "b") (result i32) (i32.const 9))
            """, LinkedProgram.Needed("/lib/a.so")));

        var opening = program.OpenAsync("a.so");
        Assert.False(opening.IsCompleted);
        source.SetResult();
        var handle = await opening;

        Assert.Equal([2, 1], order);
        Assert.Equal(9, await program.CallAsync(program.Symbol(handle, "a")));
        Assert.NotEqual(0, await program.OpenAsync("/lib/../lib/a.so"));
        Assert.Equal(2, order.Count);
    }

    [Fact]
    public async Task Symbols_of_a_local_library_are_its_own()
    {
        await using var program = await LinkedProgram.StartAsync(false);
        program.AddFile("/lib/a.so", LinkedProgram.Library("""(func (export "a") (result i32) (i32.const 1))"""));

        var local = await program.OpenAsync("a.so", isGlobal: false);
        Assert.Equal(0, program.Symbol(0, "a"));
        Assert.Equal("Tried to lookup unknown symbol \"a\" in dynamic lib: the program", program.Error);
        Assert.NotEqual(0, program.Symbol(local, "a"));

        await program.OpenAsync("a.so");
        Assert.Equal(program.Symbol(local, "a"), program.Symbol(0, "a"));
    }

    [Fact]
    public async Task A_host_function_has_a_pointer()
    {
        await using var program = await LinkedProgram.StartAsync(false, configure: host => host.Define("ten", (Caller caller) => caller.Memory.Length > 0 ? 10 : 0));

        Assert.Equal(10, await program.CallAsync(program.Symbol(0, "ten")));
    }

    [Fact]
    public async Task A_library_is_opened_also_where_nothing_can_be_suspended()
    {
        await using var program = await LinkedProgram.StartAsync(false);
        program.AddFile("/lib/a.so", LinkedProgram.Library("""(func (export "__wasm_call_ctors") (i32.store (i32.const 512) (i32.const 3)))"""));

        Assert.Equal(1, program.Instance.GetFunction("open").Invoke(program.WriteHandle("a.so", isGlobal: true))[0].AsI32());

        Assert.Equal(3, program.Instance.Memory.Read<int>(512));
    }

    [Fact]
    public async Task Weak_symbols_that_nobody_defines_are_zero_and_others_are_told_of()
    {
        const string fields = """(import "GOT.mem" "nothing" (global $nothing (mut i32))) (func (export "nothing.address") (result i32) (global.get $nothing))""";
        await using var program = await LinkedProgram.StartAsync(false);
        program.AddFile("/lib/weak.so", LinkedProgram.Library(fields, LinkedProgram.Weak("nothing")));
        program.AddFile("/lib/strong.so", LinkedProgram.Library(fields));

        Assert.Equal(0, await program.CallAsync(program.Symbol(await program.OpenAsync("weak.so"), "nothing.address")));
        Assert.Equal(0, await program.OpenAsync("strong.so"));
        Assert.Equal("could not load dynamic lib: strong.so\n/lib/strong.so: symbol not found: nothing", program.Error);
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_told()
    {
        await using var program = await LinkedProgram.StartAsync(false);
        program.AddFile("/lib/text.so", "100% no module"u8.ToArray());
        program.AddFile("/lib/program.so", ModuleInfo.Parse("(module)").Bytes.ToArray());
        program.AddFile("/lib/short.so", LinkedProgram.Library("", [1, 4, 0]));
        program.AddFile("/lib/aligned.so", LinkedProgram.Library("", LinkedProgram.Memory(1, 17, 0, 0)));
        program.AddFile("/lib/number.so", LinkedProgram.Library("", [2, 5, 255, 255, 255, 255, 255]));
        program.AddFile("/lib/memory.so", LinkedProgram.Library("", [1, 8, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0]));
        program.AddFile("/lib/table.so", LinkedProgram.Library("", [1, 8, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]));
        program.AddFile("/lib/needs.so", LinkedProgram.Library("", LinkedProgram.Needed("missing.so")));
        program.AddFile("/lib/type.so", LinkedProgram.Library("""(import "env" "malloc" (func (result i64)))"""));
        program.AddFile("/lib/segment.so", LinkedProgram.Library("(data (i32.const -1) \"x\")"));

        await Fails("text.so", "/lib/text.so: magic header not detected");
        await Fails("program.so", "/lib/program.so is no library: it has no section dylink.0");
        await Fails("short.so", "malformed section dylink.0: it ends too early");
        await Fails("aligned.so", "an alignment of 2 to the power of 17 is more than a page");
        await Fails("number.so", "a number has more than 32 bits");
        await Fails("memory.so", "there is no memory for its 4294967295 bytes of data");
        await Fails("table.so", "cannot grow by 4294967295");
        await Fails("needs.so", "missing.so: no such file in ");
        await Fails("type.so", "malloc");
        await Fails("segment.so", "out of bounds memory access");
        await Fails("absent.so", "absent.so: no such file in ");
        await Fails("/lib", "/lib cannot be read: EISDIR");
        await Fails("", "EISDIR");

        async Task Fails(string name, string message)
        {
            Assert.Equal(0, await program.OpenAsync(name));
            Assert.Contains(message, program.Error, StringComparison.Ordinal);
            Assert.StartsWith($"could not load dynamic lib: {name}\n", program.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_program_without_a_table_or_allocator_loads_no_library()
    {
        await using var program = await EmscriptenProgram.Load(new Engine(), ModuleInfo.Parse("""(memory (export "memory") 1)""").Bytes).StartAsync(new EmscriptenHost());

        var e = await Assert.ThrowsAsync<DynamicLinkException>(() => program.LoadLibraryAsync("a", LinkedProgram.Library("")));

        Assert.Equal("the program exports no function malloc, which libraries need: compile it with -sMAIN_MODULE", e.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_longjmp_and_an_exception_of_a_library_end_in_the_main_module(bool suspendsEverywhere)
    {
        await using var program = await LinkedProgram.StartAsync(
            suspendsEverywhere,
            """
            (import "env" "invoke_v" (func $invoke_v (param i32)))
            (import "env" "__cxa_find_matching_catch_3" (func $find (param i32) (result i32)))
            (import "env" "getTempRet0" (func $getTempRet0 (result i32)))
            """,
            Throwing +
            """
            (func (export "__cxa_is_pointer_type") (param i32) (result i32) (i32.const 0))
            (func (export "__cxa_can_catch") (param i32 i32 i32) (result i32) (i32.const 0))
            (func (export "guard") (param i32) (result i32) (call $invoke_v (local.get 0)) (global.get $threwValue))
            (func (export "catch") (param i32) (result i32) (call $invoke_v (local.get 0)) (drop (call $find (i32.const 0))) (call $getTempRet0))
            """);
        program.AddFile("/lib/throwing.so", LinkedProgram.Library(
            """
            (import "env" "emscripten_longjmp" (func $longjmp (param i32 i32)))
            (import "env" "__cxa_throw" (func $throw (param i32 i32 i32)))
            (func (export "jump") (call $longjmp (i32.const 5) (i32.const 6)))
            (func (export "throw") (call $throw (i32.const 4096) (i32.const 100) (i32.const 0)))
            """));
        var handle = await program.OpenAsync("throwing.so");

        Assert.Equal(6, (await program.Instance.GetFunction("guard").InvokeAsync(program.Symbol(handle, "jump")))[0].AsI32());
        Assert.Equal(100, (await program.Instance.GetFunction("catch").InvokeAsync(program.Symbol(handle, "throw")))[0].AsI32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Libraries_jump_to_each_other_though_the_main_module_does_not(bool suspendsEverywhere)
    {
        await using var program = await LinkedProgram.StartAsync(suspendsEverywhere, fields: Throwing);
        program.AddFile("/lib/jump.so", LinkedProgram.Library(
            """(import "env" "emscripten_longjmp" (func $longjmp (param i32 i32))) (func (export "jump") (call $longjmp (i32.const 5) (i32.const 6)))"""));
        program.AddFile("/lib/guard.so", LinkedProgram.Library(
            """
            (import "env" "invoke_v" (func $invoke_v (param i32))) (import "GOT.func" "jump" (global $jump (mut i32)))
            (func (export "guard") (result i32) (call $invoke_v (global.get $jump)) (i32.const 1))
            """, LinkedProgram.Needed("jump.so")));

        Assert.Equal(1, await program.CallAsync(program.Symbol(await program.OpenAsync("guard.so"), "guard")));
        Assert.Equal(6, program.Instance.Instance.GetGlobal("threwValue").Value.AsI32());
    }

    [Theory]
    [InlineData("a.so", 1)]
    [InlineData("absent.so", 2)]
    public async Task A_library_is_opened_beside_and_the_program_called_back(string name, int expected)
    {
        await using var program = await LinkedProgram.StartAsync(
            false, """(import "env" "_emscripten_dlopen_js" (func $open (param i32 i32 i32 i32)))""",
            """
            (elem (i32.const 1) $succeeded $failed)
            (global $called (export "called") (mut i32) (i32.const 0))
            (func $succeeded (param i32 i32) (global.set $called (i32.const 1)))
            (func $failed (param i32 i32) (global.set $called (i32.const 2)))
            (func (export "openBeside") (param i32) (call $open (local.get 0) (i32.const 1) (i32.const 2) (i32.const 0)))
            """);
        program.AddFile("/lib/a.so", LinkedProgram.Library(""));

        program.Instance.GetFunction("openBeside").Invoke(program.WriteHandle(name, isGlobal: true));

        var called = program.Instance.Instance.GetGlobal("called");
        for (var i = 0; i < 30_000 && called.Value.AsI32() == 0; i++)
            await Task.Delay(10);
        Assert.Equal(expected, called.Value.AsI32());
    }
}
