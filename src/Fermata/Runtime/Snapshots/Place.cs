using System.Globalization;

namespace Fermata.Runtime;

/// <summary>Where something is in a store, for messages: what it is part of, and which part.</summary>
internal sealed class Place(string kind, int index = -1, Place? outer = null)
{
    /// <summary>How much of a long way is told.</summary>
    private const int MostSteps = 8;

    public Place Part(string kind, int index) => new(kind, index, this);

    private Place? Outer { get; } = outer;

    private string Step => index < 0 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind} {index}");

    public override string ToString()
    {
        var steps = new List<string>();
        for (var place = this; place is not null; place = place.Outer)
            steps.Add(place.Step);
        if (steps.Count > MostSteps)
            steps = [.. steps[..(MostSteps / 2)], "…", .. steps[^(MostSteps / 2)..]];
        return string.Join(" of ", steps);
    }
}
