using System.Reflection;
using Fermata.Runtime;

namespace Fermata.Tests.Execution;

public sealed class CodeFingerprintTests
{
    private static readonly byte[] Bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

    public static TheoryData<string> Options =>
        [.. typeof(EngineOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(option => option.CanWrite).Select(option => option.Name)];

    [Fact]
    public void Is_the_same_for_the_same_module_and_options()
    {
        Assert.Equal(Of(new EngineOptions()), Of(new EngineOptions()));
        Assert.Equal(64, Of(new EngineOptions()).Length);
    }

    [Fact]
    public void Tells_modules_apart() =>
        Assert.NotEqual(Of(new EngineOptions()), new CodeFingerprint(Bytes.AsMemory(..^1), new EngineOptions(), needsGuards: false).ToString());

    [Theory]
    [MemberData(nameof(Options))]
    public void Tells_options_apart_but_for_those_that_code_does_not_depend_on(string name)
    {
        var changed = new EngineOptions();
        var option = typeof(EngineOptions).GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;
        option.SetValue(changed, option.GetValue(changed) switch { bool value => !value, int value => value + 1, TimeSpan value => 2 * value, BoundsChecks value => value + 1, null => new CodeCache("folder"), var other => throw new NotSupportedException($"{other}") });
        Assert.Equal(CodeFingerprint.LeftOut.Contains(name), Of(changed) == Of(new EngineOptions()));
    }

    [Fact]
    public void Depends_on_whether_stacks_move_at_all() =>
        Assert.NotEqual(Of(new EngineOptions()), Of(new EngineOptions { MaxStackBytes = 0 }));

    [Fact]
    public void Leaves_out_only_options_that_there_are() =>
        Assert.All(CodeFingerprint.LeftOut, name => Assert.NotNull(typeof(EngineOptions).GetProperty(name)));

    [Fact]
    public void Depends_on_whether_bounds_are_left_to_guard_pages() => Assert.NotEqual(Of(new EngineOptions()), Of(new EngineOptions(), needsGuards: true));

    private static string Of(EngineOptions options, bool needsGuards = false) => new CodeFingerprint(Bytes, options, needsGuards).ToString();
}
