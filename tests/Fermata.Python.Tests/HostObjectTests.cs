namespace Fermata.Python.Tests;

/// <summary>Objects of .NET in Python, and what Python cannot do with them.</summary>
[Collection(nameof(Interpreters))]
public sealed class HostObjectTests
{
    [NpmFact]
    public async Task FunctionsTakeArgumentsByPositionAndByName()
    {
        var python = await Interpreters.SharedAsync();
        python.Expose("join", (string first, int pageSize = 10, params string[] rest) => $"{first} {pageSize} {string.Join('+', rest)}");
        Assert.Equal("a 10 ", python.Evaluate<string>("from host import join\njoin('a')"));
        Assert.Equal("a 3 x+y", python.Evaluate<string>("join('a', 3, 'x', 'y')"));
        Assert.Equal("a 5 ", python.Evaluate<string>("join(page_size=5, first='a')"));
        Assert.Contains("join() misses the argument first.", Fail("join()"), StringComparison.Ordinal);
        Assert.Contains("join() has no argument size.", Fail("join('a', size=1)"), StringComparison.Ordinal);
        Assert.Contains("join(): the argument page_size: A value of Python's type str is no Int32.", Fail("join('a', 'b')"), StringComparison.Ordinal);

        string Fail(string source) => Assert.Throws<PythonException>(() => python.Run(source)).Message;
    }

    [NpmFact]
    public async Task ListsDictionariesAndBytesAreThoseOfTheHost()
    {
        var python = await Interpreters.SharedAsync();
        var (list, dictionary, bytes) = (new List<int> { 3, 1, 2 }, new Dictionary<string, int> { ["a"] = 1 }, new byte[] { 1, 2, 3 });
        python.Globals.SetItem("items", list);
        python.Globals.SetItem("names", dictionary);
        python.Globals.SetItem("data", bytes);
        Assert.Equal([3, 1, 2], python.Evaluate<int[]>("[x for x in items]"));
        Assert.Equal("(3, 2, [1, 2], True, False)", python.Evaluate<string>("str((len(items), items[-1], list(items[1:]), 3 in items, 7 in items))"));
        python.Run("items.append(9)\nitems[0] = 8\ndel items[1]");
        Assert.Equal([8, 2, 9], list);
        Assert.Equal("(1, 1, ['a'], True)", python.Evaluate<string>("str((len(names), names['a'], list(names), 'a' in names))"));
        python.Run("names['b'] = 2\ndel names['a']");
        Assert.Equal(new Dictionary<string, int> { ["b"] = 2 }, dictionary);
        Assert.Equal("KeyError", Assert.Throws<PythonException>(() => python.Run("names['none']")).Type);
        Assert.Equal("b'\\x01\\x02\\x03'", python.Evaluate<string>("str(data.to_bytes())"));
        python.Run("data.assign(b'\\x07\\x08\\x09')");
        Assert.Equal([7, 8, 9], bytes);
        Assert.Equal([1, 2], python.Evaluate<int[]>("items.to_py()[:2] and [1, 2]"));
        Assert.Equal("IndexError", Assert.Throws<PythonException>(() => python.Run("items[10]")).Type);
    }

    [NpmFact]
    public async Task OnlyMembersOfPermittedTypesAreThere()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost().WithType<IShown>().WithType<Account>());
        var account = new Account { Owner = "somebody" };
        python.Globals.SetItem("account", account);
        python.Globals.SetItem("shown", new Shown());
        python.Globals.SetItem("opaque", new Uri("http://x"));
        Assert.Equal("somebody", python.Evaluate<string>("account.owner"));
        Assert.Equal(7, python.Evaluate<int>("account.deposit_all(3, 4)"));
        python.Run("account.owner = 'somebody else'");
        Assert.Equal("somebody else", account.Owner);
        Assert.Equal("['balance', 'deposit_all', 'owner']", python.Evaluate<string>("str(sorted(n for n in dir(account) if n in ('balance', 'deposit_all', 'owner', 'get_type', 'secret', 'to_string', 'equals')))"));
        Assert.Equal("shown", python.Evaluate<string>("shown.text()"));
        foreach (var attempt in new[] { "account.get_type()", "account.GetType()", "account.secret", "account.to_string()", "shown.hidden()", "opaque.host", "opaque.absolute_uri", "account.constructor", "account.__proto__", "shown.text.method" })
            Assert.Equal("AttributeError", Assert.Throws<PythonException>(() => python.Run(attempt)).Type);
        Assert.DoesNotContain("http", python.Evaluate<string>("repr(opaque) + str(opaque)"), StringComparison.Ordinal);
        Assert.Contains("cannot be set", Assert.Throws<PythonException>(() => python.Run("account.balance = 1")).Message, StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task AnObjectThatComesBackIsTheSame()
    {
        var python = await Interpreters.SharedAsync();
        var (thing, failure) = (new object(), new InvalidOperationException("mine"));
        python.Globals.SetItem("thing", thing);
        Assert.Same(thing, python.Evaluate<object>("thing"));
        python.Expose("fail", new Action(() => throw failure));
        Assert.Same(failure, Assert.Throws<PythonException>(() => python.Run("from host import fail\nfail()")).InnerException);
    }

    [NpmFact]
    public async Task PlainFunctionsWaitIfTheHostSaysSo()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost().Expose("load", async Task<string> (string name) =>
        {
            await Task.Yield();
            return name + "!";
        }, waits: true));
        Assert.Equal("a!b!", await python.EvaluateAsync<string>("from host import load\nload('a') + load(name='b')"));
        Assert.StartsWith("RuntimeError: Cannot stack switch", Assert.Throws<PythonException>(() => python.Run("load('a')")).Message, StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task FunctionsOfPythonAreCalledFromFunctionsOfTheHost()
    {
        var python = await Interpreters.SharedAsync();
        PythonObject? kept = null;
        python.Expose("apply", (PythonObject function, int value) => function.Call<int>(value));
        python.Expose("keep", (PythonObject function) => { kept = function.Copy(); });
        python.Expose("lend", (PythonObject function) => { kept = function; });
        Assert.Equal(42, python.Evaluate<int>("from host import apply, keep, lend\napply(lambda x: x * 2, 21)"));
        python.Run("keep(lambda x: x + 1)");
        Assert.Equal(6, kept!.Call<int>(5));
        python.Run("lend(lambda x: x + 1)");
        Assert.Contains("Use Copy to keep one that was lent.", Assert.Throws<ObjectDisposedException>(() => kept!.Call(1)).Message, StringComparison.Ordinal);
        var exception = Assert.Throws<PythonException>(() => python.Run("apply(lambda x: 1 / 0, 1)"));
        Assert.Equal("ZeroDivisionError", exception.Type);
    }

    /// <summary>What a finalizer hands to the host does not give back the next object, whose finalizer does the same.</summary>
    [NpmFact]
    public async Task FinalizersThatCallTheHostDoNotRunInsideOneAnother()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost());
        var kept = new List<PythonObject>();
        python.Expose("keep", (PythonObject value) => kept.Add(value.Copy()));
        python.Expose("drop", () => kept.ForEach(value => value.Dispose()));
        Assert.Equal(
            "[1, 5000]",
            await python.EvaluateAsync<string>(
                """
                from host import keep, drop
                depth = deepest = ended = 0
                class Finalized:
                    def __del__(self):
                        global depth, deepest, ended
                        depth += 1
                        deepest = max(deepest, depth)
                        keep(Finalized)
                        depth -= 1
                        ended += 1
                for _ in range(5000): keep(Finalized())
                drop()
                keep(Finalized)
                str([deepest, ended])
                """));
    }

    public interface IShown
    {
        string Text();
    }

    public sealed class Account
    {
        public string Owner { get; set; } = "";

        public int Balance { get; private set; }

        internal string Secret => Owner;

        public int DepositAll(params int[] amounts) => Balance += amounts.Sum();
    }

    private sealed class Shown : IShown
    {
        private readonly string _text = "shown";

        public string Text() => _text;

        public string Hidden() => _text;
    }
}
