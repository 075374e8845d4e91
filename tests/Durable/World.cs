using System.Globalization;
using System.Text;
using Fermata.Durable;

namespace Fermata.Tests.Shared;

/// <summary>What orders ask, outside of all processes that are killed: it notes each question, with its key.</summary>
/// <param name="folder">Where the notes are, a file for each process.</param>
internal sealed class World(string folder) : IDisposable
{
    private const int QuestionsOfOrder = 3;

    // Each line is one write, so that it is there when the process is killed.
    private readonly FileStream _notes = new(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public static string Key(int order) => string.Create(CultureInfo.InvariantCulture, $"order {order}");

    /// <summary>The arguments of an order whose pauses have a length, in milliseconds.</summary>
    public static Value[] Arguments(int order, int pause) => [order, pause];

    /// <summary>How long the pauses of an order are that takes some time.</summary>
    public static int Pause(int milliseconds) => milliseconds / QuestionsOfOrder;

    /// <summary>What an order ends with.</summary>
    public static Value[] Results(int order)
    {
        var sum = 2 * ((order * 10 * QuestionsOfOrder) + 6);
        return [sum, sum];
    }

    public Task<int> AskAsync(DurableCall call, int value)
    {
        lock (_notes)
            _notes.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{call.Key} {call.Store} {value}\n")));
        return Task.FromResult(value * 2);
    }

    /// <summary>Every order has asked each of its questions under one key, and nothing else was asked.</summary>
    public static string Check(string folder, int orders)
    {
        var lines = Directory.GetFiles(folder).SelectMany(File.ReadAllLines).Select(static line => line.Split(' ', 2)).Select(static parts => (Key: parts[0], Question: parts[1])).ToList();
        var questions = lines.Distinct().ToList();
        var expected = Enumerable.Range(0, orders).SelectMany(static order => Enumerable.Range(1, QuestionsOfOrder).Select(step => string.Create(CultureInfo.InvariantCulture, $"{Key(order)} {(order * 10) + step}")));
        Assert.Equal(expected.Order(StringComparer.Ordinal), questions.Select(static question => question.Question).Order(StringComparer.Ordinal));
        Assert.Equal(questions.Count, questions.Select(static question => question.Key).Distinct().Count());
        return $"{questions.Count} questions, {lines.Count - questions.Count} asked again under their keys";
    }

    public void Dispose() => _notes.Dispose();
}
