using Fermata.Emscripten.CppExceptions;

namespace Fermata.Emscripten.Tests.CppExceptions;

public sealed class TypeNameTests
{
    [Theory]
    [InlineData("i", "int")]
    [InlineData("Dn", "std::nullptr_t")]
    [InlineData("PKc", "char const*")]
    [InlineData("PPV3Foo", "Foo volatile**")]
    [InlineData("7Failure", "Failure")]
    [InlineData("*7Failure", "Failure")]
    [InlineData("St13runtime_error", "std::runtime_error")]
    [InlineData("N3one3twoE", "one::two")]
    [InlineData("N12_GLOBAL__N_17FailureE", "(anonymous namespace)::Failure")]
    [InlineData("NSt3__212system_errorE", "std::__2::system_error")]
    [InlineData("Ss", "std::string")]
    [InlineData("SaIcE", "std::allocator<char>")]
    [InlineData("St6vectorIiSaIiEE", "std::vector<int, std::allocator<int>>")]
    [InlineData("4PairI3FooS0_E", "Pair<Foo, Foo>")]
    [InlineData("4PairIP3FooS0_S1_E", "Pair<Foo*, Foo, Foo*>")]
    [InlineData("5ArrayI3FooLi5ELin1ELb1ELm7EE", "Array<Foo, 5, -1, true, (unsigned long)7>")]
    [InlineData(
        "NSt3__212basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEEE",
        "std::__2::basic_string<char, std::__2::char_traits<char>, std::__2::allocator<char>>")]
    public void TellsTypesAsTheyAreWritten(string mangled, string name) => Assert.Equal(name, TypeName.Demangle(mangled));

    [Theory]
    [InlineData("")]
    [InlineData("q")]
    [InlineData("P")]
    [InlineData("N3one")]
    [InlineData("9Failure")]
    [InlineData("99999999999Failure")]
    [InlineData("0")]
    [InlineData("7Failure7")]
    [InlineData("4PairIS0_E")]
    [InlineData("4PairISZZZZZZZZZZZZ_E")]
    [InlineData("4PairIS!_E")]
    [InlineData("4PairI")]
    [InlineData("1AILiE")]
    [InlineData("PFivE")]
    [InlineData("Z4mainE3Foo")]
    public void LeavesWhatItCannotTellAsItIs(string mangled) => Assert.Equal(mangled, TypeName.Demangle(mangled));

    [Fact]
    public void LeavesNamesAsTheyAreThatGrowBeyondMeasure()
    {
        var doubled = "1A" + string.Concat(Enumerable.Range(0, 40).Select(level => level == 0 ? "IS_S_E" : $"IS{(char)('0' + Math.Min(level - 1, 9))}_S{(char)('0' + Math.Min(level - 1, 9))}_E"));

        Assert.Equal(doubled, TypeName.Demangle(doubled));
        Assert.Equal(new string('P', 500) + "i", TypeName.Demangle(new string('P', 500) + "i"));
    }
}
