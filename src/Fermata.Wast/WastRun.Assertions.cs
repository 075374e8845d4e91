namespace Fermata.Wast;

/// <summary>The assertions. Expected wordings are matched as prefixes, as the reference interpreter does.</summary>
internal sealed partial class WastRun
{
    private static void CheckResults(Value[] results, WastPattern[] expected)
    {
        var matches = results.Length == expected.Length;
        for (var i = 0; matches && i < results.Length; i++)
            matches = ResultMatching.Matches(results[i], expected[i]);
        if (!matches)
            throw new CommandFailedException($"expected {List(expected)}, got {List(results)}");
    }

    private static void CheckTrap(string keyword, string problem, Action act)
    {
        var trap = Catch<TrapException>(act);
        var isExhaustion = trap.Kind == TrapKind.StackExhausted;
        if (isExhaustion != (keyword == "assert_exhaustion"))
            throw new CommandFailedException($"the trap is of another kind: {FirstLine(trap.Message)}");
        CheckWording(problem, trap.Message);
    }

    private static void CheckException(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (IsThrownByCode(e))
        {
            return;
        }

        throw new CommandFailedException("nothing was thrown");
    }

    private void CheckRefusal(AssertModuleCommand assertion)
    {
        var module = assertion.Module;
        switch (assertion.Keyword)
        {
            case "assert_malformed":
                CheckWording(assertion.Problem, Catch<MalformedModuleException>(() => Compile(module)).Problem);
                break;
            case "assert_invalid":
                CheckWording(assertion.Problem, Catch<InvalidModuleException>(() => Compile(module)).Problem);
                break;
            case "assert_malformed_custom":
                CheckWording(assertion.Problem, Catch<MalformedModuleException>(() => CompileWithCustomSections(module)).Problem);
                break;
            case "assert_invalid_custom":
                CheckWording(assertion.Problem, Catch<InvalidModuleException>(() => CompileWithCustomSections(module)).Problem);
                break;
            case "assert_unlinkable":
                var unlinkable = Compile(module);
                CheckWording(assertion.Problem, Catch<LinkException>(() => Instantiate(unlinkable)).Message);
                break;
            default:
                var trapping = Compile(module);
                CheckTrap(assertion.Keyword, assertion.Problem, () => Instantiate(trapping));
                break;
        }
    }

    private static T Catch<T>(Action act)
        where T : Exception
    {
        try
        {
            act();
        }
        catch (T expected)
        {
            return expected;
        }

        throw new CommandFailedException($"no {typeof(T).Name} was raised");
    }

    private static void CheckWording(string expected, string actual)
    {
        if (!actual.StartsWith(expected, StringComparison.Ordinal))
            throw new CommandFailedException($"expected \"{expected}\", got \"{FirstLine(actual)}\"");
    }

    private static string List<T>(T[] values) => values.Length == 0 ? "nothing" : string.Join(' ', values);
}
