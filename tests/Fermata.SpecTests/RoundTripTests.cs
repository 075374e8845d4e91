using Fermata.Binary;
using Fermata.Validation;
using Fermata.Wast;

namespace Fermata.SpecTests;

/// <summary>Modules are the same after they were written, as bytes and as text, and read again. That they do the same <see cref="ScriptFormTests"/> shows.</summary>
public class RoundTripTests
{
    public static TheoryData<string> Scripts => ModuleTests.Scripts;

    [SuiteTheory]
    [MemberData(nameof(Scripts))]
    public void Modules_stay_the_same(string path)
    {
        foreach (var module in Suite.Load(path).Commands.Select(ValidModule).OfType<WastModule>())
            Check(module.Assemble().Binary);
    }

    public static TheoryData<string> Programs => [.. RepositoryModules()];

    /// <summary>Among them are programs that Clang compiled, with custom sections and names of their own.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void Modules_of_the_repository_stay_the_same(string path) => Check(File.ReadAllBytes(Path.Combine(RepositoryFolder.Path, path)));

    [Fact]
    public void The_repository_has_modules() => Assert.Contains("samples/10-libc/weather.wasm", RepositoryModules());

    private static IEnumerable<string> RepositoryModules() =>
        from folder in (string[])["bench/modules", "samples"]
        from file in Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, folder), "*.wasm", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(RepositoryFolder.Path, file).Replace('\\', '/')
        where !((string[])["/bin/", "/obj/", "/node_modules/"]).Any(other => path.Contains(other, StringComparison.Ordinal))
        orderby path
        select path;

    private static WastModule? ValidModule(WastCommand command) => command switch
    {
        ModuleCommand { Module: var module } => module,
        AssertModuleCommand { Keyword: "assert_trap" or "assert_unlinkable" or "assert_invalid_custom" } assertion => assertion.Module,
        _ => null,
    };

    private static void Check(byte[] module)
    {
        var canonical = RoundTrip.Write(module, RoundTripForm.Binary);
        ModuleValidator.Validate(ModuleDecoder.Decode(canonical), new TypeRegistry());
        Assert.Equal(canonical, RoundTrip.Write(canonical, RoundTripForm.Binary));
        CheckText(canonical, RoundTrip.Write(canonical, RoundTripForm.Folded));
        CheckText(canonical, RoundTrip.Write(canonical, RoundTripForm.Flat));
    }

    /// <summary>The text format says nothing of a data count that no instruction needs, and makes a name section of its own.</summary>
    private static void CheckText(byte[] expected, byte[] actual)
    {
        if (expected.AsSpan().SequenceEqual(actual))
            return;
        var expectedModule = ModuleDecoder.Decode(expected);
        var actualModule = ModuleDecoder.Decode(actual);
        Assert.Equal(Names(expectedModule), Names(actualModule));
        expectedModule.DataCount = actualModule.DataCount;
        expectedModule.CustomSections.RemoveAll(section => section.Name == "name");
        actualModule.CustomSections.RemoveAll(section => section.Name == "name");
        Assert.Equal(ModuleWriter.Write(expectedModule), ModuleWriter.Write(actualModule));
    }

    private static IEnumerable<(NameSubsection Kind, int Outer, int Inner, string Name)> Names(ModuleDefinition module)
    {
        yield return (NameSubsection.Module, 0, 0, module.Names.ModuleName ?? "");
        for (var kind = NameSubsection.Function; kind <= NameSubsection.Tag; kind++)
        {
            foreach (var name in module.Names.All(kind).OrderBy(name => name.Key))
                yield return (kind, name.Key.Outer, name.Key.Inner, name.Value);
        }
    }
}
