using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Tests.Glue;

/// <summary>What becomes of a program that is merged with its glue.</summary>
public sealed class ProgramGlueTests
{
    private const string Invoke = """(import "env" "invoke_v" (func $invoke_v (param i32)))""";
    private const string Jump = """(import "env" "_emscripten_throw_longjmp" (func $jump))""";
    private const string SetThrew = """(func (export "setThrew") (param i32 i32))""";
    private const string Table = """(table (export "__indirect_function_table") 1 funcref)""";

    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    [Theory]
    [InlineData("")]
    [InlineData("""(import "env" "invoked" (func)) (import "other" "invoke_v" (func (param i32))) (import "env" "_abort_js" (func))""")]
    [InlineData("""(import "env" "__cxa_throw" (global i32))""")]
    [InlineData("""(import "env" "invoke_v" (func)) (import "env" "invoke_v(" (func (param i32))) (import "env" "invoke_v" (func (param i64)))""")]
    public void A_program_that_needs_nothing_stays_as_it_is(string imports)
    {
        var program = ModuleInfo.Parse(imports).Bytes;

        Assert.True(program.Span == ProgramGlue.AddGlue(ModuleInfo.Read(program), EmscriptenNames.None).Span);
    }

    [Fact]
    public void Exports_and_other_imports_stay_and_functions_have_names()
    {
        var merged = Merge(
            """(import "env" "first" (func $first (param i32)))""" + Invoke + """(import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))""" + Jump
            + """
            (memory (export "memory") 1)
            (global (export "__stack_pointer") (mut i32) (i32.const 0))
            (func $main (export "main") (call $first (i32.const 1)) (call $invoke_v (i32.const 0)) (call $jump))
            """ + SetThrew + Table);

        Assert.Equal(["env.first", "wasi_snapshot_preview1.fd_close"], merged.Imports.Select(import => $"{import.Module}.{import.Name}"));
        Assert.Equal(["memory", "__stack_pointer", "main", "setThrew", "__indirect_function_table"], merged.Exports.Select(export => export.Name));
        Assert.Equal(
            ["first", "main", "setThrew", "_emscripten_throw_longjmp", "invoke_v", "stackSave", "stackRestore"],
            merged.Functions.Select(function => function.Name).OfType<string>());
    }

    [Theory]
    [InlineData("emscripten_stack_get_current", "_emscripten_stack_restore")]
    [InlineData("stackSave", "stackRestore")]
    public void The_stack_pointer_may_be_behind_functions(string save, string restore) =>
        Assert.Empty(Merge($"""{Invoke}{SetThrew}{Table} (func (export "{save}") (result i32) (i32.const 0)) (func (export "{restore}") (param i32))""").Imports);

    [Fact]
    public void Memory_table_and_stack_pointer_may_be_imports()
    {
        const string imports = """
            (import "env" "memory" (memory 2 10))
            (import "env" "__indirect_function_table" (table 7 funcref))
            (import "env" "__stack_pointer" (global (mut i32)))
            (import "env" "__cxa_throw" (func (param i32 i32 i32)))
            """;

        Assert.Equal(
            ["memory", "__indirect_function_table", "__stack_pointer"], Merge(Invoke + imports + SetThrew).Imports.Select(import => import.Name));
    }

    [Fact]
    public void A_minified_program_says_what_its_names_mean()
    {
        var names = new EmscriptenNames
        {
            Imports = new Dictionary<string, string> { ["a.b"] = "invoke_v", ["a.c"] = "__cxa_throw", ["a.m"] = "memory", ["a.x"] = "exit" },
            Exports = new Dictionary<string, string> { ["d"] = "setThrew", ["e"] = "__indirect_function_table", ["f"] = "stackSave", ["g"] = "stackRestore" },
        };

        var merged = Merge(
            """
            (import "a" "b" (func $b (param i32))) (import "a" "x" (func (param i32))) (import "a" "c" (func $c (param i32 i32 i32))) (import "a" "m" (memory 1))
            (func (export "d") (param i32 i32)) (table (export "e") 1 funcref) (func (export "f") (result i32) (i32.const 0)) (func (export "g") (param i32))
            """,
            names);

        Assert.Equal(["x", "m"], merged.Imports.Select(import => import.Name));
        Assert.Equal(["d", "e", "f", "g"], merged.Exports.Select(export => export.Name));
        Assert.Contains("invoke_v", merged.Functions.Select(function => function.Name));
    }

    [Theory]
    [InlineData(Invoke + SetThrew + Table, "invoke_v", "__stack_pointer")]
    [InlineData(Invoke + SetThrew + """(global (export "__stack_pointer") (mut i32) (i32.const 0))""", "invoke_v", "__indirect_function_table")]
    [InlineData(Invoke + Table + """(global (export "__stack_pointer") (mut i32) (i32.const 0))""", "invoke_v", "setThrew")]
    [InlineData("""(import "env" "__cxa_throw" (func (param i32 i32 i32)))""", "__cxa_throw", "memory")]
    [InlineData("""(import "env" "__cxa_end_catch" (func))""" + SetThrew, "__cxa_end_catch", "__cxa_decrement_exception_refcount")]
    public void A_program_that_lacks_an_export_is_told_which(string program, string import, string export) =>
        Assert.Equal(
            $"The program imports {import}, which uses {export} of the program, and that exports none such. Export it, or tell its name if names are minified (EmscriptenNames.Exports).",
            Assert.Throws<NotSupportedException>(() => Merge(program)).Message);

    [Fact]
    public void An_export_of_another_type_is_an_error() =>
        Assert.Equal(
            "the glue of Emscripten: incompatible import type \"program\" \"setThrew\": the module expects (func (param i32 i32)), found (func)",
            Assert.Throws<MergeException>(() => Merge(
                Invoke + Table + """(func (export "setThrew")) (global (export "__stack_pointer") (mut i32) (i32.const 0))""")).Message);

    [Fact]
    public void Functions_of_several_modules_are_refused() =>
        Assert.Equal(
            "The program imports functions of Emscripten's JavaScript from several modules: env, a.",
            Assert.Throws<NotSupportedException>(() => Merge(
                Jump + """(import "a" "b" (func))""", new EmscriptenNames { Imports = new Dictionary<string, string> { ["a.b"] = "_emscripten_throw_longjmp" } })).Message);

    [Fact]
    public void What_keeps_tempRet0_may_be_the_program()
    {
        var merged = Merge(
            """
            (import "env" "getTempRet0" (func $get (result i32)))
            (import "env" "setTempRet0" (func $set (param i32)))
            (func (export "_emscripten_tempret_get") (result i32) (i32.const 5))
            (func (export "_emscripten_tempret_set") (param i32))
            (func (export "main") (result i32) (call $set (i32.const 1)) (call $get))
            """);

        var engine = new Engine();
        using var store = new Store(engine);
        Assert.Equal(5, new Linker(engine).Instantiate(store, Module.Load(engine, merged.Bytes)).GetFunction("main").Invoke()[0].AsI32());
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData("@micropython/micropython-webassembly-pyscript", "micropython.wasm", 12)]
    [InlineData("@electric-sql/pglite", "dist/pglite.wasm", 58)]
    [InlineData("@php-wasm/node-8-4", "jspi/8_4_25/php_8_4.wasm", 1)]
    public void A_program_from_npm_is_merged_and_loads(string package, string file, int supplied)
    {
        var bytes = File.ReadAllBytes(Packages[package, file]);
        var program = ModuleInfo.Read(bytes);

        var merged = Module.Load(new Engine(), ProgramGlue.AddGlue(ModuleInfo.Read(bytes), EmscriptenNames.None));

        Assert.Equal(program.Imports.Count - supplied, merged.Imports.Count);
        Assert.Equal(
            program.Imports.Where(import => !import.Name.StartsWith("invoke_", StringComparison.Ordinal) && import.Name is not ("_emscripten_throw_longjmp" or "__call_sighandler")).Select(import => import.Name),
            merged.Imports.Select(import => import.Name));
        Assert.Equal(program.Exports.Select(export => export.Name), merged.Exports.Select(export => export.Name));
    }

    [NpmTheory]
    [InlineData("@micropython/micropython-webassembly-pyscript", "micropython.wasm")]
    [InlineData("@electric-sql/pglite", "dist/pglite.wasm")]
    [InlineData("@electric-sql/pglite", "dist/initdb.wasm")]
    public void The_C_stack_is_found_as_before(string package, string file)
    {
        var bytes = File.ReadAllBytes(Packages[package, file]);

        var (before, after) = (ModuleInfo.Read(bytes).StackPointer!, ModuleInfo.Read(ProgramGlue.AddGlue(ModuleInfo.Read(bytes), EmscriptenNames.None)).StackPointer!);

        Assert.Equal((before.GlobalIndex, before.Source), (after.GlobalIndex, after.Source));
    }

    [NpmTheory]
    [InlineData("@journeyapps/wa-sqlite", "dist/wa-sqlite-jspi.wasm")]
    [InlineData("@jitl/quickjs-wasmfile-release-sync", "dist/emscripten-module.wasm")]
    public void A_program_from_npm_that_needs_nothing_stays_as_it_is(string package, string file)
    {
        ReadOnlyMemory<byte> program = File.ReadAllBytes(Packages[package, file]);

        Assert.True(program.Span == ProgramGlue.AddGlue(ModuleInfo.Read(program), EmscriptenNames.None).Span);
    }

    private static ModuleInfo Merge(string program, EmscriptenNames? names = null) =>
        ModuleInfo.Read(ProgramGlue.AddGlue(ModuleInfo.Parse(program), names ?? EmscriptenNames.None));
}
