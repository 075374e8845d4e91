using Fermata.Hosting;
using Fermata.Validation;

namespace Fermata;

public sealed partial class Module
{
    /// <summary>Each takes some milliseconds and some machine code, and the module may be hostile.</summary>
    private const int MaxCasts = 1_000;

    private readonly Dictionary<(DefinedType Expected, DefinedType Actual), Module?> _casts = [];

    /// <summary>The module through which code of this one calls functions of a type as ones of another type; null if it cannot.</summary>
    internal Module? CastTo(DefinedType expected, DefinedType actual)
    {
        lock (_casts)
        {
            if (_casts.TryGetValue((expected, actual), out var cast) || _casts.Count == MaxCasts)
                return cast;
            if (CastModule.Write(expected.Func!, actual.Func!) is { } text)
                cast = Parse(Engine, text);
            _casts.Add((expected, actual), cast);
            return cast;
        }
    }
}
