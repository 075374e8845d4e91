using Fermata.Binary;
using Fermata.Compilation;
using Fermata.Structure;
using Fermata.Text;
using Fermata.Validation;

namespace Fermata.Tests.Hosting;

/// <summary>What a load may cost, and how it is ended before.</summary>
public sealed class LoadBudgetTests : IDisposable
{
    /// <summary>A module of one function with more instructions than there are between two looks at the token.</summary>
    private static readonly string Text = "(module (func (export \"f\") " + string.Concat(Enumerable.Repeat("nop ", 20_000)) + "))";
    private static readonly byte[] Bytes = TextModule.Assemble(Text).Binary;

    private readonly CancellationTokenSource _source = new();
    private readonly Engine _engine = new();

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task EveryWayOfLoadingIsEndedByItsToken()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, Bytes);
            await _source.CancelAsync();
            var token = _source.Token;
            Assert.Equal(token, Assert.Throws<OperationCanceledException>(() => Module.Load(_engine, Bytes, token)).CancellationToken);
            Assert.Equal(token, Assert.Throws<OperationCanceledException>(() => Module.Parse(_engine, Text, token)).CancellationToken);
            Assert.Equal(token, Assert.Throws<OperationCanceledException>(() => Module.LoadFile(_engine, path, token)).CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Module.LoadAsync(_engine, new MemoryStream(Bytes), token));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Module.LoadFileAsync(_engine, path, token));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void EveryPassIsEndedInTheMiddleOfAFunction()
    {
        var definition = ModuleDecoder.Decode(Bytes);
        var types = ModuleValidator.Validate(definition, _engine.Types);
        AssertEnds(budget => TextModule.Assemble(Text, budget));
        AssertEnds(budget => ModuleDecoder.Decode(Bytes, budget));
        AssertEnds(budget => ModuleValidator.Validate(definition, _engine.Types, budget));
        AssertEnds(budget => ModuleCompiler.Compile(_engine, definition, types, budget, hasGuards: false));
    }

    [Fact]
    public async Task ATokenThatIsCancelledAfterTheLoadChangesNothing()
    {
        var module = Module.Parse(_engine, "(import \"env\" \"wait\" (func $wait)) (func (export \"f\") (result i32) (call $wait) (i32.const 7))", _source.Token);
        await _source.CancelAsync();
        using var store = new Store(_engine);
        var linker = new Linker(_engine);
        linker.Define("env", "wait", async () => { await Task.Yield(); });
        Assert.Equal(7, await linker.Instantiate(store, module).GetFunction<Func<Task<int>>>("f")());
    }

    [Fact]
    public async Task AModuleWithMoreBytesThanTheOptionAllowsIsRefused()
    {
        var engine = new Engine(new EngineOptions { MaxModuleBytes = 1_000 });
        const string Message = "The module has more than 1000 bytes; raise EngineOptions.MaxModuleBytes to load it.";
        var error = Assert.Throws<LoadLimitException>(() => Module.Load(engine, new byte[1_001]));
        Assert.Equal(("MaxModuleBytes", Message), (error.Option, error.Message));
        Assert.Equal(Message, Assert.Throws<LoadLimitException>(() => Module.Parse(engine, Text)).Message);
        Assert.Equal(Message, (await Assert.ThrowsAsync<LoadLimitException>(() => Module.LoadAsync(engine, new MemoryStream(Bytes)))).Message);
        Assert.Throws<MalformedModuleException>(() => Module.Load(engine, new byte[1_000]));
    }

    [Fact]
    public void AFileIsNotReadBeyondTheOption()
    {
        if (!File.Exists("/dev/zero"))
            return;
        var engine = new Engine(new EngineOptions { MaxModuleBytes = 1_000_000 });
        Assert.Equal("MaxModuleBytes", Assert.Throws<LoadLimitException>(() => Module.LoadFile(engine, "/dev/zero")).Option);
    }

    [Fact]
    public void ALoadThatTakesLongerThanTheOptionAllowsEndsInTheMiddleOfAFunction()
    {
        var engine = new Engine(new EngineOptions { MaxLoadTime = TimeSpan.FromTicks(1) });
        var definition = ModuleDecoder.Decode(Bytes);
        var budget = new LoadBudget(TimeSpan.FromTicks(1));
        Assert.Equal("MaxLoadTime", Assert.Throws<LoadLimitException>(() => Module.Load(engine, Bytes)).Option);
        Assert.Throws<LoadLimitException>(() => budget.Spend());
        var error = Assert.Throws<LoadLimitException>(() => ModuleValidator.Validate(definition, _engine.Types, budget));
        Assert.Equal(
            "The module took longer than 1E-07 s to load, up to function 0; raise EngineOptions.MaxLoadTime to load it.", error.Message);
    }

    [Fact]
    public void OptionsThatAllowNothingAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { MaxModuleBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { MaxModuleBytes = (1 << 30) + 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { MaxLoadTime = TimeSpan.Zero }));
        Assert.NotNull(Module.Load(new Engine(new EngineOptions { MaxLoadTime = Timeout.InfiniteTimeSpan }), Bytes));
    }

    /// <summary>The budget looks at its token with the first step, before it is cancelled, and then after some thousand.</summary>
    private static void AssertEnds(Action<LoadBudget> pass)
    {
        using var source = new CancellationTokenSource();
        var budget = new LoadBudget(cancellationToken: source.Token);
        budget.Spend();
        source.Cancel();
        Assert.Equal(source.Token, Assert.Throws<OperationCanceledException>(() => pass(budget)).CancellationToken);
    }
}
