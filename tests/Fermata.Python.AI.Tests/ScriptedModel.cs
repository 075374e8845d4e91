using Microsoft.Extensions.AI;

namespace Fermata.Python.AI.Tests;

/// <summary>A model that says what a test has it say, one message after the other, and keeps what it was asked.</summary>
internal sealed class ScriptedModel(params IEnumerable<Func<IReadOnlyList<ChatMessage>, ChatMessage>> turns) : IChatClient
{
    private readonly Queue<Func<IReadOnlyList<ChatMessage>, ChatMessage>> _turns = new(turns);

    public List<ChatOptions?> Options { get; } = [];

    /// <summary>A message with a call of <c>execute_code</c>.</summary>
    public static ChatMessage Runs(string code) =>
        new(ChatRole.Assistant, [new FunctionCallContent(Guid.NewGuid().ToString(), "execute_code", new Dictionary<string, object?> { ["code"] = code })]);

    /// <summary>What the last call of a tool gave.</summary>
    public static string LastResult(IReadOnlyList<ChatMessage> messages) => messages[^1].Contents.OfType<FunctionResultContent>().Single().Result?.ToString() ?? "";

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Options.Add(options);
        return Task.FromResult(new ChatResponse(_turns.Dequeue()([.. messages])));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
