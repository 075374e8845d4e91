using Fermata.Structure;

namespace Fermata.Tests.Structure;

/// <summary>Passes over the functions of modules, with one thread and with several.</summary>
public sealed class FunctionPassTests
{
    private const int First = 10;
    private const int End = 5_000;
    private const long LongCode = 1 << 30;

    [Theory]
    [InlineData(0)]
    [InlineData(LongCode)]
    public void EachFunctionIsLookedAtOnce(long codeLength)
    {
        var looks = new int[End + 1000];

        FunctionPass.Run(First, End, codeLength, new LoadBudget(), _ => function => Interlocked.Increment(ref looks[function]));

        Assert.All(looks.Index(), look => Assert.Equal(look.Index is >= First and < End ? 1 : 0, look.Item));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(LongCode)]
    public void TheExceptionIsThatOfTheFirstFunctionWithOne(long codeLength)
    {
        for (var round = 0; round < 200; round++)
        {
            int[] failing = [First + (round * 24), First + (round * 24) + 1, First + (round * 24) + 70, End - 1];
            var exception = Assert.Throws<InvalidDataException>(() => FunctionPass.Run(First, End, codeLength, new LoadBudget(), _ => function =>
            {
                // One that fails later is there first.
                if (function == failing[0])
                    Thread.Yield();
                if (failing.Contains(function))
                    throw new InvalidDataException($"{function}");
            }));

            Assert.Equal($"{failing[0]}", exception.Message);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(LongCode)]
    public void EndsWhenItIsCancelledAndWhenTheTimeIsOver(long codeLength)
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => FunctionPass.Run(First, End, codeLength, new LoadBudget(cancellationToken: source.Token), budget => function =>
        {
            if (function == 3_000)
                source.Cancel();
            budget.Spend(10_000);
        }));

        var time = TimeSpan.FromMilliseconds(20);
        var exception = Assert.Throws<LoadLimitException>(() => FunctionPass.Run(First, End, codeLength, new LoadBudget(time), budget => function =>
        {
            if (function == 3_000)
                Thread.Sleep(time);
            budget.Spend(10_000);
        }));
        Assert.Contains("0.02 s", exception.Message, StringComparison.Ordinal);
    }
}
