using System.Runtime;

namespace Fermata.Tests.Hosting;

/// <summary>Making the code of modules before it is called.</summary>
public sealed class PreparationTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public async Task TheFirstCallNeedsNoJustInTimeCompilation()
    {
        // So that the engine's own code and what depends on types alone are there.
        Count(Parse("first"));

        var prepared = Parse("second");
        await prepared.PrepareAsync();
        Assert.Equal(0, Count(prepared));
        Assert.InRange(Count(Parse("third")), 3, int.MaxValue);

        Module Parse(string name) => Module.Parse(_guest.Engine, $"""
            (module ${name}
              (func $leaf (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
              (func $large (param i32) (result i32) {string.Concat(Enumerable.Repeat("(local.set 0 (i32.add (local.get 0) (i32.const 1)))", 800))} (call $leaf (local.get 0)))
              (func (export "f") (param i32) (result i32) (call $large (local.get 0))))
            """);

        int Count(Module module)
        {
            var function = module.Instantiate(_guest.Store).GetFunction("f");
            var before = JitInfo.GetCompiledMethodCount(currentThread: true);
            Assert.Equal(640_000, function.Invoke(0)[0].AsI32());
            return (int)(JitInfo.GetCompiledMethodCount(currentThread: true) - before);
        }
    }

    [Fact]
    public async Task ProgressIsToldInOrderUpToTheWhole()
    {
        var module = Module.Parse(_guest.Engine, string.Concat(Enumerable.Range(0, 250).Select(i => $"(func (result i32) (i32.const {i}))")));
        var progress = new Recorder();
        await module.PrepareAsync(progress);
        Assert.Equal(100, progress.Values.Count);
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.Equal(1, progress.Values[^1]);
        await module.PrepareAsync();
        await Module.Parse(_guest.Engine, "(module)").PrepareAsync(progress);
        Assert.Equal(100, progress.Values.Count);
    }

    [Fact]
    public async Task ItCanBeCancelled()
    {
        var module = Module.Parse(_guest.Engine, string.Concat(Enumerable.Range(0, 5_000).Select(i => $"(func (result i32) (i32.const {i}))")));
        using var source = new CancellationTokenSource();
        var progress = new Recorder(source.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => module.PrepareAsync(progress, source.Token));
        Assert.InRange(progress.Values.Count, 1, 99);
    }

    private sealed class Recorder(Action? then = null) : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value)
        {
            Values.Add(value);
            then?.Invoke();
        }
    }
}
