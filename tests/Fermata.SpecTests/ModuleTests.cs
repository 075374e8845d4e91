using Fermata.Binary;
using Fermata.Validation;
using Fermata.Wast;

namespace Fermata.SpecTests;

/// <summary>Modules of the suite are assembled, decoded and validated, or refused with the wording that the suite expects.</summary>
public class ModuleTests
{
    public static TheoryData<string> Scripts =>
        [.. Suite.Scripts.Select(script => script.Path).DefaultIfEmpty("")];

    [SuiteTheory]
    [MemberData(nameof(Scripts))]
    public void Modules_are_read_as_the_script_says(string path)
    {
        var script = Suite.Load(path);

        Assert.Empty(AndInThreads(script.Commands).Select(Check).OfType<string>());
    }

    [SuiteFact]
    public void Every_assertion_is_seen()
    {
        foreach (var script in Suite.Scripts)
            Assert.Equal((script.Path, script.Assertions), (script.Path, Suite.Load(script.Path).AssertionCountOutsideThreads));
    }

    private static IEnumerable<WastCommand> AndInThreads(IEnumerable<WastCommand> commands) =>
        commands.SelectMany(command => command is ThreadCommand thread ? AndInThreads(thread.Commands) : [command]);

    /// <summary>What is wrong with how a module of the command is read; null for nothing.</summary>
    private static string? Check(WastCommand command)
    {
        var (module, expected) = command switch
        {
            ModuleCommand { Module: var defined } => (defined, ""),
            AssertModuleCommand { Keyword: "assert_malformed" or "assert_malformed_custom" } assertion => (assertion.Module, $"malformed: {assertion.Problem}"),
            AssertModuleCommand { Keyword: "assert_invalid" } assertion => (assertion.Module, $"invalid: {assertion.Problem}"),
            AssertModuleCommand assertion => (assertion.Module, ""),
            _ => (null, ""),
        };
        if (module is null)
            return null;
        var actual = Read(module);
        return (expected.Length == 0 ? actual.Length == 0 : actual.StartsWith(expected, StringComparison.Ordinal))
            ? null
            : $"line {command.Line}: expected \"{expected}\", got \"{actual}\"";
    }

    private static string Read(WastModule module)
    {
        try
        {
            ModuleValidator.Validate(ModuleDecoder.Decode(module.Assemble().Binary), new TypeRegistry());
            return "";
        }
        catch (MalformedModuleException e)
        {
            return $"malformed: {e.Problem}";
        }
        catch (InvalidModuleException e)
        {
            return $"invalid: {e.Problem}";
        }
    }
}
