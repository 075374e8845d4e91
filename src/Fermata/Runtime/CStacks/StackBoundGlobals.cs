namespace Fermata.Runtime;

/// <summary>The globals of an instance in which code that checks its C stack finds the bounds; most modules have none.</summary>
/// <remarks>Emscripten's run time has a pair of its own beside the one that checked code compares with. Both say the same.</remarks>
internal sealed class StackBoundGlobals(Instance instance)
{
    private readonly Global[] _low = Find(instance, StackSymbol.Limit);
    private readonly Global[] _high = Find(instance, StackSymbol.Base);

    public StackBounds Value
    {
        get => new(_low.FirstOrDefault()?.Bits ?? 0, _high.FirstOrDefault()?.Bits ?? 0);
        set
        {
            foreach (var global in _low)
                global.Bits = value.Low;
            foreach (var global in _high)
                global.Bits = value.High;
        }
    }

    private static Global[] Find(Instance instance, StackSymbol symbol) =>
        [.. symbol.FindAll(instance.Module.Definition, instance.Module.Types).Select(found => instance.Globals[found.Global])];
}
