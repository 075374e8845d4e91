using Fermata.Tests.Suspension;

namespace Fermata.Tests.Hosting;

/// <summary>A C program that others compiled and stripped, whose calls wait and go on in any order.</summary>
public sealed class QuickJsTests
{
    private static readonly int[] Order = [3, 1, 6, 2, 5, 4];

    public static TheoryData<StoreOptions> Protected() =>
    [
        new StoreOptions(),
        new StoreOptions { ShadowStack = ShadowStackPolicy.Copy },
        new StoreOptions { ShadowStack = ShadowStackPolicy.Separate, StackAllocator = new StackAllocator("v", "M") },
        new StoreOptions { StackPointer = _ => "Oa" },
    ];

    public static TheoryData<StoreOptions> Unprotected() =>
    [
        new StoreOptions { ShadowStack = ShadowStackPolicy.None },
        new StoreOptions { StackPointer = _ => StackPointer.None },
    ];

    [NpmTheory]
    [MemberData(nameof(Protected), DisableDiscoveryEnumeration = true)]
    public async Task EachScriptComesToItsOwnValue(StoreOptions options)
    {
        var evaluations = await RunAsync(options);
        var values = await Task.WhenAll(evaluations);
        Assert.Equal([18, 29, 40, 51, 62, 73], values);
    }

    [NpmTheory]
    [MemberData(nameof(Unprotected), DisableDiscoveryEnumeration = true)]
    public async Task WithoutProtectionTheyDestroyOneAnother(StoreOptions options)
    {
        var evaluations = await RunAsync(options);
        Assert.Contains(evaluations, evaluation => evaluation.IsFaulted);
    }

    [NpmTheory]
    [InlineData(ShadowStackPolicy.CopyOnConflict)]
    [InlineData(ShadowStackPolicy.None)]
    public void TheStackIsFoundAndNothingIsToldOfItsEnd(ShadowStackPolicy policy)
    {
        using var program = new QuickJs(new StoreOptions { ShadowStack = policy }, _ => Task.FromResult(0.0));
        Assert.Equal(new ShadowStackInfo(0, null, StackPointerSource.Frames, null, 5_333_088, policy), program.Instance.ShadowStack);
    }

    private static async Task<Task<double>[]> RunAsync(StoreOptions options)
    {
        var gates = Enumerable.Range(0, Order.Length + 1).Select(_ => new TaskCompletionSource<double>()).ToArray();
        using var program = new QuickJs(options, number => gates[number].Task);
        var evaluations = Enumerable.Range(1, Order.Length).Select(number => program.EvaluateAsync(number, $$"""
            function nest(depth, inner) { return depth ? nest(depth - 1, inner) : inner(); }
            nest({{number}}, () => [{{number}}].map(item => 10 * item + wait() + nest(20, () => 0))[0])
            """)).ToArray();
        Assert.All(evaluations, evaluation => Assert.False(evaluation.IsCompleted));
        foreach (var number in Order)
        {
            gates[number].SetResult(number + 7);
            await Task.WhenAny(evaluations[number - 1]).InTime();
        }

        return evaluations;
    }
}
