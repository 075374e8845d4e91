namespace Fermata.Suspension;

/// <summary>The globals of an instance in which code that checks its C stack finds the bounds; most modules have none.</summary>
internal sealed class StackBoundGlobals(Instance instance)
{
    private readonly Global? _low = Find(instance, StackSymbol.Limit);
    private readonly Global? _high = Find(instance, StackSymbol.Base);

    public StackBounds Value
    {
        get => new(_low?.Bits ?? 0, _high?.Bits ?? 0);
        set
        {
            if (_low is not null)
                _low.Bits = value.Low;
            if (_high is not null)
                _high.Bits = value.High;
        }
    }

    private static Global? Find(Instance instance, StackSymbol symbol) =>
        symbol.FindIndex(instance.Module.Definition, instance.Module.Types) is { } index ? instance.Globals[index] : null;
}
