using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Tests.Glue;

public sealed class SignatureAdapterTests
{
    [Theory]
    [InlineData("iIi>i", "iiii>i", true)]
    [InlineData("II>", "iiii>", true)]
    [InlineData("I>I", "ii>i", true)]
    [InlineData("I>I", "I>I", true)]
    [InlineData("i>i", "i>", true)]
    [InlineData("i>", "i>i", true)]
    [InlineData("i>", "i>d", true)]
    [InlineData("i>ii", "i>", true)]
    [InlineData("I>", "i>", false)]
    [InlineData("I>", "iii>", false)]
    [InlineData("ii>", "I>", false)]
    [InlineData("i>", "d>", false)]
    [InlineData("i>i", "i>I", false)]
    [InlineData("i>", "i>ii", false)]
    [InlineData("i>d", "i>i", false)]
    public void Types_may_differ_by_pairs_and_results(string given, string wanted, bool canAdapt) =>
        Assert.Equal(canAdapt, SignatureAdapter.CanAdapt(Type(wanted), Type(given)));

    [Fact]
    public void Types_that_differ_otherwise_are_refused() =>
        Assert.StartsWith(
            "f is (func (param f64)), of which no (func (param i32)) can be made.",
            Assert.Throws<ArgumentException>(() => SignatureAdapter.Write([("f", Type("i>"), Type("d>"))])).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pairs_become_numbers_of_64_bits_and_back(bool suspendsEverywhere)
    {
        var upper = 0;
        var adapter = Instantiate(suspendsEverywhere, [("f", Type("iii>i"), Type("iI>I"))], linker => linker
            .Define(SignatureAdapter.Host, "f", (int factor, long number) => factor * number)
            .Define(SignatureAdapter.Host, SignatureAdapter.SetTempRet0, (int value) => { upper = value; }));

        var lower = adapter.GetFunction("f").Invoke(3, -2, 5)[0].AsI32();

        Assert.Equal((-6, 17), (lower, upper));
    }

    [Fact]
    public void Results_are_dropped_or_zero()
    {
        var calls = 0;
        var adapter = Instantiate(false, [("dropped", Type("i>"), Type("i>i")), ("missing", Type("i>d"), Type("i>"))], linker => linker
            .Define(SignatureAdapter.Host, "dropped", (int value) => calls += value)
            .Define(SignatureAdapter.Host, "missing", (int value) => { calls += value; }));

        Assert.Empty(adapter.GetFunction("dropped").Invoke(1));
        Assert.Equal(0.0, adapter.GetFunction("missing").Invoke(2)[0].AsF64());
        Assert.Equal(3, calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_function_behind_it_suspends(bool suspendsEverywhere)
    {
        var wait = new TaskCompletionSource<long>();
        var adapter = Instantiate(suspendsEverywhere, [("wait", Type("ii>"), Type("I>I"))], linker => linker
            .Define(SignatureAdapter.Host, "wait", (long _) => wait.Task));

        var call = adapter.GetFunction("wait").InvokeAsync(1, 2);
        Assert.False(call.IsCompleted);
        wait.SetResult(5);

        Assert.Empty(await call);
    }

    [NpmTheory]
    [InlineData("fd_seek", "iIii>i")]
    [InlineData("__syscall_ftruncate64", "iI>i")]
    [InlineData("_mmap_js", "iiiiIii>i")]
    public void Imports_of_a_program_from_npm_are_adapted(string name, string given)
    {
        var program = ModuleInfo.Read(File.ReadAllBytes(new NpmPackages("tests", "Fermata.Emscripten.Tests", "npm")["@journeyapps/wa-sqlite", "dist/wa-sqlite-jspi.wasm"]));
        var wanted = ((FunctionType)program.Imports.Single(import => import.Name == name).Type).Signature;

        var adapter = SignatureAdapter.Write([(name, wanted, Type(given))]);

        Assert.Equal((wanted.ToString(), Type(given).ToString()), (adapter.Exports[0].Type.ToString(), adapter.Imports[0].Type.ToString()));
    }

    [Fact]
    public void Names_may_be_any()
    {
        string[] names = ["a b", "\"", "ä\\", "setTempRet0", "(setTempRet0)\n", "0"];

        var module = SignatureAdapter.Write(names.Select(name => (name, Type("i>i"), Type("i>I"))));

        Assert.Equal([.. names, SignatureAdapter.SetTempRet0], module.Imports.Select(import => import.Name));
        Assert.Equal(names, module.Exports.Select(export => export.Name));
    }

    private static Instance Instantiate(bool suspendsEverywhere, IEnumerable<(string, FuncType, FuncType)> functions, Action<Linker> define)
    {
        var engine = new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere });
        var linker = new Linker(engine);
        define(linker);
        return linker.Instantiate(new Store(engine), SignatureAdapter.Load(engine, functions));
    }

    /// <summary>A type: i, I and d for i32, i64 and f64, the results behind the arrow.</summary>
    private static FuncType Type(string text)
    {
        ValType[] Types(string letters) => [.. letters.Select(letter => letter switch { 'i' => ValType.I32, 'I' => ValType.I64, _ => ValType.F64 })];
        var parts = text.Split('>');
        return new FuncType(Types(parts[0]), Types(parts[1]));
    }
}
