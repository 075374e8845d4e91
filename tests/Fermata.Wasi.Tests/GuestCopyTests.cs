using Fermata.Wasi.Functions;

namespace Fermata.Wasi.Tests;

/// <summary>A call that is to end does so in the middle of what is copied.</summary>
public sealed class GuestCopyTests
{
    private static readonly byte[] Much = new byte[10 * GuestCopy.PieceBytes];

    [Fact]
    public async Task Looks_after_each_piece()
    {
        using var cancellation = new CancellationTokenSource();
        var target = new byte[Much.Length];
        await EndsAsync(caller =>
        {
            var copy = new GuestCopy(caller);
            var source = new byte[Much.Length];
            source.AsSpan().Fill(1);
            copy.Copy(source.AsSpan(0, 1), target);
            cancellation.Cancel();
            copy.Copy(source, target);
        }, cancellation.Token);
        Assert.InRange(target.Count(value => value == 1), 1, GuestCopy.PieceBytes);
    }

    [Fact]
    public async Task Looks_after_many_small_copies()
    {
        using var cancellation = new CancellationTokenSource();
        var copies = 0;
        await EndsAsync(caller =>
        {
            var copy = new GuestCopy(caller);
            cancellation.Cancel();
            for (; copies < 1_000_000; copies++)
                copy.Copy(Much.AsSpan(0, 8), Much);
        }, cancellation.Token);
        Assert.InRange(copies, 1, 5_000);
    }

    private static async Task EndsAsync(Action<Caller> act, CancellationToken cancellationToken)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var linker = new Linker(engine).Define("test", "act", act);
        var module = Module.Parse(engine, """(module (import "test" "act" (func $act)) (func (export "call") (call $act)))""", CancellationToken.None);
        var instance = linker.Instantiate(store, module, CancellationToken.None);
        var problem = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => instance.GetFunction("call").InvokeAsync([], cancellationToken));
        Assert.Equal(cancellationToken, problem.CancellationToken);
    }
}
