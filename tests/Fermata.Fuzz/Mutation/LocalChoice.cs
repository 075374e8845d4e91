using Fermata.Fuzz.Rewriting;

namespace Fermata.Fuzz.Mutation;

/// <summary>Which locals of a function can stand for one another: those of one number type.</summary>
internal sealed class LocalChoice
{
    private const int MostLocals = 2000;

    private readonly ValType[] _types;
    private readonly Dictionary<ValType, List<int>> _byType = [];

    public LocalChoice(BodyWriter body)
    {
        _types = [.. body.Parameters.Concat(body.LocalGroups.SelectMany(group => Enumerable.Repeat(group.Type, (int)group.Count))).Take(MostLocals)];
        for (var i = 0; i < _types.Length; i++)
        {
            if (_types[i].IsRef)
                continue;
            if (!_byType.TryGetValue(_types[i], out var locals))
                _byType.Add(_types[i], locals = []);
            locals.Add(i);
        }
    }

    /// <summary>A local of the same type, at times the same.</summary>
    public int Like(int index, RandomSource random) =>
        index < _types.Length && _byType.TryGetValue(_types[index], out var locals) ? random.Pick(locals) : index;
}
