namespace Fermata.Runtime;

/// <summary>The functions that an instance calls through pointers of another type (<see cref="EngineOptions.AllowsFunctionPointerCasts"/>).</summary>
internal sealed class FunctionCasts
{
    /// <summary>A module can have more functions and types than there should be casts at a time.</summary>
    private const int MaxFunctions = 10_000;

    private readonly Dictionary<(Function Function, int Expected), Function> _casts = [];

    /// <summary>Called by generated code: a function of the type that an indirect call asks for which converts and calls another one.</summary>
    /// <param name="caller">The instance whose code makes the call.</param>
    /// <param name="expected">The index of the type in the caller's module.</param>
    /// <param name="found">The function that was in the table, of another type.</param>
    /// <exception cref="TableTrapException">The types cannot be converted.</exception>
    public static Function Cast(Instance caller, int expected, Function found)
    {
        var casts = (caller.Casts ??= new FunctionCasts())._casts;
        if (casts.TryGetValue((found, expected), out var cast))
            return cast;

        cast = caller.Store.Engine.Code.Cast(caller, caller.Module.Types.Types[expected], found);
        if (cast is null)
            Trap.IndirectCallTypeMismatch(caller, expected, found);

        // Nothing refers to a cast but the frames of its calls, so it can be made again.
        if (casts.Count == MaxFunctions)
            casts.Clear();
        casts.Add((found, expected), cast);
        return cast;
    }
}
