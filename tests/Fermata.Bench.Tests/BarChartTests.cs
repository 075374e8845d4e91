using System.Globalization;
using System.Xml.Linq;

namespace Fermata.Bench.Tests;

public class BarChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Bars_are_as_long_as_their_values_and_carry_them()
    {
        var chart = new BarChart("Less < more", "Fermata", "Wasmtime") { Mark = 1 };
        chart.Add("a & b", 2, 1);
        chart.Add("c", 0.5, null);

        var document = XDocument.Parse(chart.ToString());

        var bars = document.Descendants(Svg + "rect").Where(bar => (string)bar.Attribute("height")! == "8").ToArray();
        Assert.Equal([4, 2, 1], bars.Select(bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture) / 130));
        Assert.Equal(["s0", "s1", "s0"], bars.Select(bar => bar.Attribute("class")!.Value));
        var texts = document.Descendants(Svg + "text").Select(text => text.Value).ToArray();
        Assert.Equal(["Less < more", "Fermata", "Wasmtime", "a & b", "2.00", "1.00", "c", "0.50"], texts);
        Assert.Equal("390", Assert.Single(document.Descendants(Svg + "line")).Attribute("x1")!.Value);
    }

    [Fact]
    public void Colours_follow_the_ground() => Assert.Contains("prefers-color-scheme: dark", new BarChart("t", "s").ToString(), StringComparison.Ordinal);
}
