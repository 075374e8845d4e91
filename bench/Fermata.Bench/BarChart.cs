using System.Globalization;
using System.Net;
using System.Text;

namespace Fermata.Bench;

/// <summary>A chart of bars as SVG, readable on a light ground and on a dark one.</summary>
/// <param name="title">What the bars are.</param>
/// <param name="series">What the bars of a group are, in the order of the values; at most three.</param>
internal sealed class BarChart(string title, params IReadOnlyList<string> series)
{
    private const int Left = 130;
    private const int Right = 70;
    private const int Width = 720;
    private const int Top = 56;
    private const int Thickness = 9;
    private const int Gap = 8;

    private const string Style = """
        text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font-weight: 600 }
        .value { font-size: 9px }
        .mark { stroke: #57606a; stroke-dasharray: 3 3 }
        .s0 { fill: #0969da }
        .s1 { fill: #bf8700 }
        .s2 { fill: #8250df }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 }
          .mark { stroke: #8b949e }
          .s0 { fill: #58a6ff }
          .s1 { fill: #d29922 }
          .s2 { fill: #bc8cff }
        }
        """;

    private readonly List<(string Label, double?[] Values)> _groups = [];

    /// <summary>A value that a line marks; null for none.</summary>
    public double? Mark { get; init; }

    /// <summary>Adds a group of bars.</summary>
    /// <param name="label">What it is called.</param>
    /// <param name="values">The length of each bar; null for none.</param>
    public void Add(string label, params double?[] values) => _groups.Add((label, values));

    /// <summary>The chart as a document.</summary>
    public override string ToString()
    {
        var height = Top + _groups.Count * (series.Count * Thickness + Gap) + Gap;
        var most = Math.Max(_groups.SelectMany(group => group.Values).Max() ?? 0, Mark ?? 0);
        var scale = most > 0 ? (Width - Left - Right) / most : 0;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<style>\n{Style}\n</style>\n<text class=\"title\" x=\"8\" y=\"18\">{Escape(title)}</text>\n");
        for (var i = 0; i < series.Count; i++)
        {
            var x = Left + i * 150;
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"s{i}\" x=\"{x}\" y=\"30\" width=\"10\" height=\"10\"/><text x=\"{x + 15}\" y=\"39\">{Escape(series[i])}</text>\n");
        }

        for (var i = 0; i < _groups.Count; i++)
            AppendGroup(svg, _groups[i], Top + i * (series.Count * Thickness + Gap), scale);
        if (Mark is { } mark)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"mark\" x1=\"{Left + mark * scale:0.#}\" x2=\"{Left + mark * scale:0.#}\" y1=\"{Top - 6}\" y2=\"{height - Gap}\"/>\n");
        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendGroup(StringBuilder svg, (string Label, double?[] Values) group, int top, double scale)
    {
        var middle = top + group.Values.Length * Thickness / 2 + 4;
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{middle}\" text-anchor=\"end\">{Escape(group.Label)}</text>\n");
        for (var i = 0; i < group.Values.Length; i++)
        {
            if (group.Values[i] is not { } value)
                continue;
            var y = top + i * Thickness;
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"s{i}\" x=\"{Left}\" y=\"{y}\" width=\"{value * scale:0.#}\" height=\"{Thickness - 1}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"value\" x=\"{Left + value * scale + 4:0.#}\" y=\"{y + Thickness - 1}\">{Label(value)}</text>\n");
        }
    }

    private static string Label(double value) => value.ToString(value < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
