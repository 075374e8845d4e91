namespace Fermata.Tests.Merging;

/// <summary>Merged modules do what instances do that import from each other.</summary>
public class EquivalenceTests
{
    [Theory]
    [MemberData(nameof(Scenarios.Names), MemberType = typeof(Scenarios))]
    public void Merged_modules_do_what_linked_instances_do(string name)
    {
        var (modules, events) = Scenarios.All[name];

        Assert.Equal(events, new Scenario(modules).RunInstances());
        Assert.Equal(events, new Scenario(modules).RunMerged());
    }
}
