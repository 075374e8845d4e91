using System.Text.RegularExpressions;

namespace Fermata.Wasi.Tests;

/// <summary>The table of errors in docs/wasi.md is what the programs in C assert, and all that the packages name.</summary>
public sealed partial class ErrorTableTests
{
    /// <summary>Errors that the packages name and no program sees.</summary>
    private static readonly Dictionary<string, string> Unseen = new()
    {
        ["ENODEV"] = "what allocating space of a device returns: programs of WASI are given none, as only those of Emscripten have /dev",
        ["EINTR"] = "what a call returns that has been cancelled already: nobody goes on with it",
    };

    private static readonly string[] Infallible =
        ["args_get", "args_sizes_get", "environ_get", "environ_sizes_get", "proc_exit", "random_get", "sched_yield"];

    /// <summary>Sources that give the errors of the system their names, and so name all that it may have.</summary>
    private static readonly string[] Translations = ["Errno.cs", "LinuxErrors.cs", "SocketErrors.cs"];

    private static readonly string[] Packages = ["Fermata.Wasi", "Fermata.Platform"];

    [Fact]
    public void The_table_is_what_the_programs_assert()
    {
        var asserted = ErrorTable.FromPrograms();
        Assert.True(
            asserted.SequenceEqual(ErrorTable.FromDocument()),
            $"The table of errors in docs/wasi.md is not what tests/Fermata.Wasi.Tests/Programs asserts, which is:\n{string.Join('\n', asserted)}");
    }

    [Fact]
    public void The_table_has_each_function_that_can_fail() => Assert.Equal(ErrorTable.Functions.Except(Infallible).Order(), ErrorTable.Read().Keys.Order());

    [Fact]
    public void Each_error_that_the_packages_name_is_seen_by_a_program()
    {
        var named = from package in Packages
                    from path in Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "src", package), "*.cs", SearchOption.AllDirectories)
                    where !Translations.Contains(Path.GetFileName(path)) && !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                    from match in Error().Matches(File.ReadAllText(path))
                    select match.Groups[1].Value;
        var seen = ErrorTable.Read().Values.SelectMany(errors => errors).Select(error => error.ToString());
        Assert.Empty(named.Distinct().Except(seen).Except(Unseen.Keys));
    }

    [GeneratedRegex(@"\bErrno\.(E\w+)")]
    private static partial Regex Error();
}
