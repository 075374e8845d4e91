using System.ComponentModel;
using System.Text.Json;
using Fermata.Platform.Network;
using Microsoft.Extensions.AI;

namespace Fermata.Python.AI.Tests;

/// <summary>The tool <c>execute_code</c>, and the tools that code calls.</summary>
public sealed class ExecuteCodeTests
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    private static readonly Lazy<Task<PythonDistribution>> Distribution = new(() =>
        PythonDistribution.LoadAsync(ProgramEngine.New(), Path.GetDirectoryName(Packages["pyodide", "package.json"])!, Path.Combine(AppContext.BaseDirectory, "python")));

    [NpmFact]
    public async Task AModelRunsCodeThatCallsTheToolsOfTheChat()
    {
        var calls = new List<string>();
        await using var executeCode = await StartAsync(
            AIFunctionFactory.Create(
                async ([Description("Where.")] string city, string unit = "C") =>
                {
                    await Task.Delay(1);
                    lock (calls)
                        calls.Add($"{city} {unit}");
                    return new { temperature = city.Length, unit };
                },
                "get-weather",
                "Tells the weather."));
        var model = new ScriptedModel(
            _ => ScriptedModel.Runs("temperatures = {c: get_weather(c)['temperature'] for c in ['Rome', 'Oslo', 'Vienna']}\nmax(temperatures, key=temperatures.get)"),
            messages => ScriptedModel.Runs(ScriptedModel.LastResult(messages) == """{"result":"\u0027Vienna\u0027"}""" ? "print(get_weather(temperatures and 'Bonn', unit='F'))" : "wrong"),
            messages => ScriptedModel.Runs(ScriptedModel.LastResult(messages).Contains("""{\u0027temperature\u0027: 4, \u0027unit\u0027: \u0027F\u0027}""", StringComparison.Ordinal) ? "get_weather()" : "wrong"),
            messages => new ChatMessage(ChatRole.Assistant, ScriptedModel.LastResult(messages)));
        using var client = new ChatClientBuilder(model).UseFunctionInvocation().Build();
        var response = await client.GetResponseAsync("Where is it warmest?", new ChatOptions { Tools = [executeCode] });

        var error = JsonElement.Parse(response.Text).GetProperty("error");
        Assert.Equal("exception", error.GetProperty("kind").GetString());
        Assert.Equal("get_weather(): missing a required argument: 'city'", error.GetProperty("message").GetString());
        Assert.Equal(1, error.GetProperty("line").GetInt32());
        Assert.Equal(["Rome C", "Oslo C", "Vienna C", "Bonn F"], calls);
        var tool = Assert.IsType<ExecuteCodeFunction>(Assert.Single(model.Options[0]!.Tools!));
        Assert.Contains("\nget_weather(city: str, unit: str = ...): Tells the weather.\n    city: Where.", tool.Description, StringComparison.Ordinal);
    }

    [NpmTheory]
    [InlineData("echo(1)", "1")]
    [InlineData("echo(value={'a': [1, 2.5, None, True, 'é😀']})", "{'a': [1, 2.5, None, True, 'é😀']}")]
    [InlineData("echo((1, 2)), echo({1}), echo(range(3)), echo(None)", "([1, 2], [1], [0, 1, 2], None)")]
    [InlineData("import datetime\necho(datetime.date(2020, 1, 2))", "'2020-01-02'")]
    [InlineData("sum_all(1, 2), sum_all(b=1, a=2, c=3), sum_all(*[1, 2], **{'c': 4})", "(3, 6, 7)")]
    [InlineData("nothing()", null)]
    [InlineData("text()", "'plain'")]
    [InlineData("lambda_(**{'class': 1})", "1")]
    [InlineData("[echo(i) for i in range(100)][-1]", "99")]
    [InlineData("import asyncio\nasync def f(i): return echo(i)\nawait asyncio.gather(*(f(i) for i in range(3)))", "[0, 1, 2]")]
    [InlineData("echo.__doc__, str(__import__('inspect').signature(sum_all))", "('Gives it back.', '(a, b, c=None)')")]
    public async Task ArgumentsAndResultsAreValuesOfPython(string code, string? result)
    {
        await using var executeCode = await StartAsync(Tools);
        var report = await InvokeAsync(executeCode, code);
        Assert.False(report.TryGetProperty("error", out var error), $"{error}");
        Assert.Equal(result, report.TryGetProperty("result", out var value) ? value.GetString() : null);
    }

    [NpmTheory]
    [InlineData("echo()", "TypeError", "echo(): missing a required argument: 'value'")]
    [InlineData("echo(1, 2)", "TypeError", "echo(): too many positional arguments")]
    [InlineData("echo(1, x=2)", "TypeError", "echo(): got an unexpected keyword argument 'x'")]
    [InlineData("lambda_()", "TypeError", "lambda_(): missing a required argument: 'class'")]
    [InlineData("lambda_(x=1)", "TypeError", "lambda_(): got an unexpected keyword argument 'x'")]
    [InlineData("echo(b'a')", "TypeError", "a value of the type bytes cannot be passed to a tool")]
    [InlineData("echo(float('nan'))", "ValueError", "Out of range float values are not JSON compliant: nan")]
    [InlineData("fail()", "JsException", "InvalidOperationException: not today")]
    [InlineData("from host import _call_tool\n_call_tool('other', '{}')", "JsException", "KeyNotFoundException: There is no tool of this name.")]
    public async Task WhatIsWrongIsAnExceptionOfPython(string code, string type, string message)
    {
        await using var executeCode = await StartAsync(Tools);
        var error = (await InvokeAsync(executeCode, code)).GetProperty("error");
        Assert.Equal((type, message), (error.GetProperty("type").GetString(), error.GetProperty("message").GetString()));
    }

    [NpmFact]
    public async Task ToolsHaveTheServicesOfTheCall()
    {
        var services = new Services();
        await using var executeCode = await StartAsync(AIFunctionFactory.Create((AIFunctionArguments arguments) => ReferenceEquals(arguments.Services, services), "has_services"));
        var result = await executeCode.InvokeAsync(new AIFunctionArguments { Services = services, ["code"] = "has_services()" });
        Assert.Equal("True", ((JsonElement)result!).GetProperty("result").GetString());
    }

    [NpmFact]
    public async Task LostStateIsTold()
    {
        await using var executeCode = await StartAsync();
        await InvokeAsync(executeCode, "x = 1");
        Assert.Equal("end of the interpreter", (await InvokeAsync(executeCode, "import os\nos._exit(1)")).GetProperty("error").GetProperty("kind").GetString());
        Assert.Equal(
            "The interpreter had been ended, and was started anew for this call: variables of earlier calls are gone.",
            (await InvokeAsync(executeCode, "x")).GetProperty("note").GetString());
    }

    [NpmFact]
    public async Task FilesAreToldByNameAndGivenToTheHost()
    {
        await using var executeCode = await StartAsync();
        PythonResult? seen = null;
        executeCode.Executed = result => seen = result;
        var report = await InvokeAsync(executeCode, "_ = open('a.txt', 'w').write('text')");
        Assert.Equal("""[{"path":"a.txt","bytes":4}]""", report.GetProperty("files").GetRawText());
        Assert.Equal("text"u8, seen!.Files[0].Content.Span);
    }

    [NpmFact]
    public async Task ToolsOfOneNameAndThoseThatNeedApprovalAreRefused()
    {
        var one = AIFunctionFactory.Create(() => 1, "a-b");
        Assert.StartsWith(
            "The tools a-b and a_b have the same name in Python, a_b.",
            (await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(one, AIFunctionFactory.Create(() => 1, "a_b")))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The tool a-b is to be called only with the user's approval",
            (await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new ApprovalRequiredAIFunction(one)))).Message, StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task CodeMustBeText()
    {
        await using var executeCode = await StartAsync();
        var exception = await Assert.ThrowsAsync<ArgumentException>(async () => await executeCode.InvokeAsync(new AIFunctionArguments { ["code"] = 1 }));
        Assert.StartsWith("execute_code takes the argument code, a text.", exception.Message, StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task TheModelIsToldOfFetchIfThereIsSuch()
    {
        var host = new PythonHost().WithFetch(new NetworkPolicy());
        await using var executeCode = await ExecuteCodeFunction.StartAsync(await Distribution.Value, host: host);
        Assert.Contains("`r = await fetch(url", executeCode.Description, StringComparison.Ordinal);
        Assert.Equal("PermissionError", (await InvokeAsync(executeCode, "await fetch('http://127.0.0.1/')")).GetProperty("error").GetProperty("type").GetString());
        await using var other = await StartAsync();
        Assert.DoesNotContain("fetch", other.Description, StringComparison.Ordinal);
    }

    private static AIFunction[] Tools =>
    [
        AIFunctionFactory.Create(async (JsonElement value) =>
        {
            await Task.Yield();
            return value;
        }, "echo", "Gives it back."),
        AIFunctionFactory.Create((int a, int b, int c = 0) => a + b + c, "sum_all"),
        AIFunctionFactory.Create(() => { }, "nothing"),
        AIFunctionFactory.Create(() => new TextContent("plain"), "text"),
        AIFunctionFactory.Create((int @class) => @class, "lambda"),
        AIFunctionFactory.Create(void () => throw new InvalidOperationException("not today"), "fail"),
    ];

    private static async Task<ExecuteCodeFunction> StartAsync(params AIFunction[] tools) => await ExecuteCodeFunction.StartAsync(await Distribution.Value, tools);

    private static async Task<JsonElement> InvokeAsync(ExecuteCodeFunction function, string code) => (JsonElement)(await function.InvokeAsync(new AIFunctionArguments { ["code"] = code }))!;

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
