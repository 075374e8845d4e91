using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Tests.Glue;

/// <summary>Side modules, linked when the program runs, throw to the main module and the other way.</summary>
public sealed class SideModuleTests
{
    private const string Memory = """(import "env" "memory" (memory 1))""";

    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    private const string MainImports = """
        (import "env" "invoke_vi" (func $invoke_vi (param i32 i32)))
        (import "env" "_emscripten_throw_longjmp" (func $jump))
        (import "env" "__cxa_throw" (func $throw (param i32 i32 i32)))
        (import "env" "__cxa_find_matching_catch_3" (func $find (param i32) (result i32)))
        (import "env" "__cxa_begin_catch" (func $begin (param i32) (result i32)))
        (import "env" "__cxa_end_catch" (func $end))
        (import "env" "__cxa_uncaught_exceptions" (func $uncaught (result i32)))
        (import "env" "getTempRet0" (func $getTempRet0 (result i32)))
        """;

    private const string MainFields = """
        (func (export "__cxa_is_pointer_type") (param i32) (result i32) (i32.const 0))
        (func (export "__cxa_can_catch") (param i32 i32 i32) (result i32) (i32.const 0))
        (func (export "__cxa_decrement_exception_refcount") (param i32))
        (func $jumping (export "jumping") (param i32)
          (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))
          (call $setThrew (i32.const 5) (i32.const 6))
          (call $jump))
        (func $throwing (param i32) (call $throw (local.get 0) (i32.const 100) (i32.const 0)))
        (func (export "call") (param i32 i32) (result i32)
          (call $invoke_vi (local.get 0) (local.get 1))
          (if (i32.eqz (call $takeThrew)) (then (return (i32.const 0))))
          (drop (call $begin (call $find (i32.const 300))))
          (call $end)
          (call $getTempRet0))
        (func (export "uncaught") (result i32) (call $uncaught))
        """;

    private const string Side = """
        (import "env" "__indirect_function_table" (table 3 funcref))
        (import "env" "memory" (memory 1))
        (import "env" "takeThrew" (func $takeThrew (result i32)))
        (import "env" "invoke_vi" (func $invoke_vi (param i32 i32)))
        (import "env" "_emscripten_throw_longjmp" (func $jump))
        (import "env" "__cxa_throw" (func $throw (param i32 i32 i32)))
        (import "env" "__cxa_find_matching_catch_3" (func $find (param i32) (result i32)))
        (import "env" "__cxa_begin_catch" (func $begin (param i32) (result i32)))
        (import "env" "__cxa_end_catch" (func $end))
        (import "env" "__cxa_current_exception_type" (func $currentType (result i32)))
        (elem (i32.const 2) $throwing)
        (func $throwing (param i32) (call $throw (local.get 0) (i32.const 100) (i32.const 0)))
        (func (export "call") (param i32 i32) (result i32)
          (call $invoke_vi (local.get 0) (local.get 1))
          (call $takeThrew))
        (func (export "catch") (param i32 i32) (result i32)
          (call $invoke_vi (local.get 0) (local.get 1))
          (drop (call $takeThrew))
          (call $begin (call $find (i32.const 0)))
          (drop)
          (call $currentType)
          (call $end))
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_longjmp_of_the_main_module_ends_in_a_side_module(bool suspendsEverywhere)
    {
        using var main = Start(suspendsEverywhere);

        Assert.Equal(5, main.StartSide(Side).GetFunction("call").Invoke(0, 0)[0].AsI32());

        Assert.Equal((65536, 6), (main.StackPointer, main.ThrewValue));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Exceptions_pass_between_modules(bool suspendsEverywhere)
    {
        using var main = Start(suspendsEverywhere);
        var side = main.StartSide(Side);

        Assert.Equal(100, main["call"].Invoke(2, 1024)[0].AsI32());
        Assert.Equal(100, side.GetFunction("catch").Invoke(1, 2048)[0].AsI32());
        Assert.Equal(100, side.GetFunction("catch").Invoke(2, 4096)[0].AsI32());
        Assert.Equal(0, main["uncaught"].Invoke()[0].AsI32());
    }

    [Fact]
    public void The_main_module_exports_what_is_shared_and_has()
    {
        var program = GlueProgram.Assemble("""(import "env" "getTempRet0" (func (result i32)))""", "", "");

        var exports = ModuleInfo.Read(ProgramGlue.AddGlue(ModuleInfo.Read(program), EmscriptenNames.None, role: GlueRole.Main)).Exports.Select(export => export.Name).ToList();

        var own = ModuleInfo.Read(program).Exports.Select(export => export.Name).ToList();
        Assert.Equal(own, exports.Take(own.Count));
        Assert.All(exports.Skip(own.Count), name => Assert.StartsWith("fermata:glue.", name, StringComparison.Ordinal));
        Assert.Contains("fermata:glue.setTempRet0", exports);
        Assert.DoesNotContain("fermata:glue.__cxa_can_catch", exports);
    }

    [Fact]
    public void A_main_module_that_catches_no_exceptions_can_have_code_in_a_cache()
    {
        var program = GlueProgram.Assemble("""(import "env" "__call_sighandler" (func (param i32 i32)))""", "", "");

        var merged = Module.Load(new Engine(), ProgramGlue.AddGlue(ModuleInfo.Read(program), EmscriptenNames.None, role: GlueRole.Main));

        Assert.Contains("fermata:glue.exceptionTag", merged.Exports.Select(export => export.Name));
        merged.WriteAssembly(Stream.Null, "Program");
    }

    [Fact]
    public void What_the_main_module_defines_stays_an_import()
    {
        const string side = """(import "env" "emscripten_longjmp" (func (param i32 i32))) (import "env" "__cxa_throw" (func (param i32 i32 i32)))""";

        var merged = ProgramGlue.AddGlue(ModuleInfo.Parse(side + Memory), EmscriptenNames.None, role: GlueRole.Side, isDefined: name => name == "emscripten_longjmp");

        var imports = ModuleInfo.Read(merged).Imports.Where(import => import.Module == "env").Select(import => import.Name);
        Assert.Equal(["emscripten_longjmp", "memory"], imports);
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData("unaccent", 7)]
    [InlineData("pg_stat_statements", 8)]
    public void An_extension_of_PostgreSQL_gets_all_from_the_main_module(string extension, int calls)
    {
        var main = ModuleInfo.Read(ProgramGlue.AddGlue(ModuleInfo.Read(File.ReadAllBytes(Packages["@electric-sql/pglite", "dist/pglite.wasm"])), EmscriptenNames.None, role: GlueRole.Main));
        var exports = main.Exports.Select(export => export.Name).ToHashSet();
        Assert.DoesNotContain(SharedGlue.Prefix + SharedGlue.Handlers, exports);
        Assert.DoesNotContain(SharedGlue.Prefix + "__cxa_begin_catch", exports);
        var side = ModuleInfo.Read(Archive.Unpack(Packages["@electric-sql/pglite", $"dist/{extension}.tar.gz"], $"{extension}.so"));

        var merged = ModuleInfo.Read(ProgramGlue.AddGlue(side, EmscriptenNames.None, role: GlueRole.Side, isDefined: exports.Contains));

        Assert.Equal(calls, side.Imports.Count(import => import.Name.StartsWith("invoke_", StringComparison.Ordinal)));
        Assert.DoesNotContain(merged.Imports, import => import.Name.StartsWith("invoke_", StringComparison.Ordinal));
        Assert.Contains("emscripten_longjmp", merged.Imports.Select(import => import.Name));
        Assert.All(merged.Imports.Where(import => import.Module == SharedGlue.Module), import => Assert.Contains(SharedGlue.Prefix + import.Name, exports));
    }

    private static GlueProgram Start(bool suspendsEverywhere) => GlueProgram.Start(
        suspendsEverywhere, GlueProgram.Assemble(MainImports, "$jumping $throwing $throwing", MainFields), EmscriptenNames.None, role: GlueRole.Main);
}
