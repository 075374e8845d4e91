using System.Threading.Channels;

namespace Fermata.Samples.Tests;

/// <summary>An upstream that answers when the test does.</summary>
internal sealed class PatientUpstream : HttpMessageHandler
{
    private readonly Channel<Question> _questions = Channel.CreateUnbounded<Question>();

    /// <summary>The next question that nobody has answered.</summary>
    public ValueTask<Question> NextAsync() => _questions.Reader.ReadAsync();

    /// <summary>Whether somebody has asked; the question is taken.</summary>
    public bool TryNext() => _questions.Reader.TryRead(out _);

    /// <summary>Answers whatever is asked from now on.</summary>
    /// <param name="text">What is answered.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AnswerAllAsync(string text, CancellationToken cancellationToken)
    {
        await foreach (var question in _questions.Reader.ReadAllAsync(cancellationToken))
            question.Answer(text);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var question = new Question(request.RequestUri!.Query, new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously));
        Assert.True(_questions.Writer.TryWrite(question));
        return question.Response.Task.WaitAsync(cancellationToken);
    }

    /// <summary>What a guest asks.</summary>
    internal sealed record Question(string Query, TaskCompletionSource<HttpResponseMessage> Response)
    {
        public void Answer(string text) => Response.SetResult(new HttpResponseMessage { Content = new StringContent(text) });
    }
}
