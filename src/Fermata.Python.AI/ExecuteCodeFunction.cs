using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Fermata.Python.AI;

/// <summary>
/// The tool <c>execute_code</c>, with which a model runs Python code in a <see cref="PythonSandbox"/>. The code calls other tools of the chat as plain functions, which wait for them:
/// what they return need not pass through the model.
/// </summary>
/// <remarks>
/// What the model gets is an object with what there is of <c>result</c>, <c>output</c>, <c>error_output</c>, <c>files</c> (paths and lengths), <c>error</c> and <c>note</c>. Code that is
/// wrong, or exceeds a limit, is no exception but told there.
/// </remarks>
public sealed class ExecuteCodeFunction : AIFunction, IAsyncDisposable
{
    private const string Argument = "code";

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": { "{{Argument}}": { "type": "string", "description": "Python source. The value of its last line, if that is an expression, is the result." } },
          "required": ["{{Argument}}"],
          "additionalProperties": false
        }
        """);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ToolSet _tools;
    private readonly bool _keepsVariables;
    private PythonSandbox? _sandbox;
    private bool _hasRun;

    private ExecuteCodeFunction(ToolSet tools, PythonSandboxOptions options, PythonHost host)
    {
        (_tools, _keepsVariables) = (tools, options.KeepsState && options.KeepsVariables);
        Description = ToolDescription.Of(tools.Tools, options, host.Fetch is not null);
    }

    /// <summary>Starts a sandbox, and makes the tool.</summary>
    /// <param name="distribution">The interpreter, compiled.</param>
    /// <param name="tools">
    /// The tools that code may call. Their names are made names of Python, with <c>_</c> for what these cannot have; parameters that are none of Python are passed by keyword. Null for none.
    /// </param>
    /// <param name="options">Limits, and what is kept from one call to the next; null for <see cref="PythonSandboxOptions.Default"/>.</param>
    /// <param name="host">What else code is given, such as directories; null for nothing.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">Two tools have the same name in Python, or one is to be called only with the user's approval, for which code does not wait.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<ExecuteCodeFunction> StartAsync(
        PythonDistribution distribution,
        IEnumerable<AIFunction>? tools = null,
        PythonSandboxOptions? options = null,
        PythonHost? host = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        options ??= PythonSandboxOptions.Default;
        var set = new ToolSet(tools ?? []);
        host = set.AddTo(host ?? new PythonHost());
        var function = new ExecuteCodeFunction(set, options, host);
        var sandboxOptions = options with { Prelude = set.Prelude + options.Prelude };
        function._sandbox = await PythonSandbox.StartAsync(distribution, host, sandboxOptions, cancellationToken).ConfigureAwait(false);
        return function;
    }

    /// <summary>The sandbox in which code runs.</summary>
    public PythonSandbox Sandbox => _sandbox!;

    /// <summary>Is called with what came of each call, before the model is told: for files, which it gets only the names of. Default: null.</summary>
    public Action<PythonResult>? Executed { get; set; }

    /// <inheritdoc/>
    public override string Name => "execute_code";

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override JsonElement JsonSchema => Schema;

    /// <summary>Ends the sandbox, and what runs in it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    /// <inheritdoc/>
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var source = arguments.TryGetValue(Argument, out var value) ? value : null;
        var code = source as string ?? (source is JsonElement { ValueKind: JsonValueKind.String } element ? element.GetString() : null)
            ?? throw new ArgumentException($"{Name} takes the argument {Argument}, a text.", nameof(arguments));
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _tools.Invocation = arguments;
            var result = await Sandbox.RunAsync(code, cancellationToken: cancellationToken).ConfigureAwait(false);
            Executed?.Invoke(result);
            var hasLostState = _keepsVariables && _hasRun && result.IsFirstOfInterpreter;
            _hasRun = true;
            return ExecutionReport.Of(result, hasLostState);
        }
        finally
        {
            _tools.Invocation = null;
            _turn.Release();
        }
    }
}
