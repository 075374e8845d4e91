namespace Fermata.Programs.Tests;

/// <summary>Ruby as a library, of the package <c>@ruby/3.4-wasm-wasi</c>: what its JavaScript does, but for what JavaScript itself is called for.</summary>
internal sealed class RubyVm : IAsyncDisposable
{
    /// <summary>The status of an evaluation that raised an exception.</summary>
    public const int Raised = 6;

    private readonly Store _store;
    private readonly WasiContext _context;

    /// <summary>Ruby's values by their handles, which are never dropped.</summary>
    private readonly List<int> _values = [];

    private Instance _instance = null!;

    private RubyVm(Store store, WasiContext context) => (_store, _context) = (store, context);

    private Memory Memory => _instance.GetMemory("memory");

    /// <summary>Instantiates and initializes it.</summary>
    /// <param name="module">The module.</param>
    /// <param name="options">The options of its store.</param>
    public static async Task<RubyVm> StartAsync(Module module, StoreOptions options)
    {
        var store = new Store(module.Engine, options);
        var context = await new WasiBuilder().BuildAsync();
        store.SetData(context);
        var vm = new RubyVm(store, context);
        var linker = new Linker(module.Engine).DefineWasi(module).DefineUnknownImportsAsTraps(module);
        linker.Define("canonical_abi", "resource_new_rb-abi-value", (int value) => vm.Add(value));
        linker.Define("canonical_abi", "resource_get_rb-abi-value", (int handle) => vm._values[handle]);
        vm._instance = await linker.InstantiateAsync(store, module);
        await vm.Function<Func<Task>>("_initialize")();
        await vm.InitializeAsync("ruby", "-EUTF-8", "-e_=0");
        return vm;
    }

    /// <summary>Evaluates an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <returns>Its value as a text, and 0; or the message of the exception, and <see cref="Raised"/>.</returns>
    public async Task<(int Status, string Text)> EvaluateAsync(string expression)
    {
        var (address, length) = Text(expression);
        var result = await Function<Func<int, int, Task<int>>>("rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>")(address, length);
        var (handle, status) = (Memory.Read<int>(result), Memory.Read<int>(result + 4));
        if (status != 0)
        {
            handle = await Function<Func<Task<int>>>("rb-errinfo: func() -> handle<rb-abi-value>")();
            await Function<Func<Task>>("rb-clear-errinfo: func() -> ()")();
        }

        return (status, await ToStringAsync(await CallAsync(handle, status == 0 ? "to_s" : "message")));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _context.DisposeAsync();
    }

    private int Add(int value)
    {
        _values.Add(value);
        return _values.Count - 1;
    }

    private T Function<T>(string name)
        where T : Delegate => _instance.GetFunction<T>(name);

    private int Allocate(int alignment, int bytes) => Function<Func<int, int, int, int, int>>("cabi_realloc")(0, 0, alignment, bytes);

    /// <summary>Ruby's functions take texts with a zero at their end, which counts for their length.</summary>
    private (int Address, int Length) Text(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text + '\0');
        var address = Allocate(1, bytes.Length);
        bytes.CopyTo(Memory.GetSpan(address, bytes.Length));
        return (address, bytes.Length);
    }

    private async Task InitializeAsync(params string[] arguments)
    {
        var list = Allocate(4, arguments.Length * 8);
        foreach (var (number, argument) in arguments.Index())
        {
            var (address, length) = Text(argument);
            Memory.Write(list + (number * 8), address);
            Memory.Write(list + (number * 8) + 4, length);
        }

        await Function<Func<int, int, Task>>("ruby-init: func(args: list<string>) -> ()")(list, arguments.Length);
    }

    private async Task<int> CallAsync(int handle, string method)
    {
        const string Call = "rb-funcallv-protect: func(recv: handle<rb-abi-value>, mid: u32, args: list<handle<rb-abi-value>>) -> tuple<handle<rb-abi-value>, s32>";
        var (address, length) = Text(method);
        var symbol = Function<Func<int, int, int>>("rb-intern: func(name: string) -> u32")(address, length);
        return Memory.Read<int>(await Function<Func<int, int, int, int, Task<int>>>(Call)(handle, symbol, 0, 0));
    }

    private async Task<string> ToStringAsync(int handle)
    {
        var result = await Function<Func<int, Task<int>>>("rstring-ptr: func(value: handle<rb-abi-value>) -> string")(handle);
        var text = Memory.ReadUtf8(Memory.Read<int>(result), Memory.Read<int>(result + 4));
        Function<Action<int>>("cabi_post_rstring-ptr")(result);
        return text;
    }
}
