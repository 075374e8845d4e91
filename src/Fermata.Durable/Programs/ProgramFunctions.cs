using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Durable;

/// <summary>The functions of a host that programs call by files, by their names.</summary>
internal sealed class ProgramFunctions
{
    private readonly Dictionary<string, Question> _functions = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _functions.Keys.Order(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">There is one of the name, or it can be no name of a file.</exception>
    public void Add(string name, Question question)
    {
        if (EntryName.Check(name) is not Errno.None and var error)
            throw new ArgumentException($"'{name}' can be no name of a file: {error}.", nameof(name));
        if (!_functions.TryAdd(name, question))
            throw new ArgumentException($"'{name}' is defined already.", nameof(name));
    }

    public Question? Find(string name) => _functions.GetValueOrDefault(name);
}
