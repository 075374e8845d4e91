using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Fermata.Python.AI;

/// <summary>The tools that code may call, as functions of Python.</summary>
internal sealed class ToolSet
{
    /// <summary>The function of the host through which all calls go.</summary>
    private const string Bridge = "_call_tool";

    private readonly Dictionary<string, Tool> _tools = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Two have the same name, or one needs approval.</exception>
    public ToolSet(IEnumerable<AIFunction> functions)
    {
        foreach (var function in functions)
        {
            if (function.GetService<ApprovalRequiredAIFunction>() is not null)
                throw new ArgumentException($"The tool {function.Name} is to be called only with the user's approval, and code waits for none. Leave it to the model alone.", nameof(functions));
            var tool = new Tool(function);
            if (!_tools.TryAdd(tool.Name, tool))
                throw new ArgumentException($"The tools {_tools[tool.Name].Function.Name} and {function.Name} have the same name in Python, {tool.Name}.", nameof(functions));
        }
    }

    public IReadOnlyCollection<Tool> Tools => _tools.Values;

    /// <summary>The call of <c>execute_code</c> that runs.</summary>
    public AIFunctionArguments? Invocation { get; set; }

    /// <summary>What makes the functions, from their names and parameters: texts of tools are data in it, and not source.</summary>
    public string Prelude => _tools.Count == 0 ? "" : $$"""
        def _define_tools(call, tools):
            import inspect, json, keyword

            def convert(value):
                if hasattr(value, 'isoformat'):
                    return value.isoformat()
                if hasattr(value, '__iter__') and not isinstance(value, (bytes, bytearray, memoryview)):
                    return list(value)
                raise TypeError(f'a value of the type {type(value).__name__} cannot be passed to a tool')

            def define(name, text, names, required):
                parameters = [inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=inspect.Parameter.empty if each in required else None)
                    for each in names if each.isidentifier() and not keyword.iskeyword(each)]
                others = [each for each in names if each not in {parameter.name for parameter in parameters}]
                if others:
                    parameters.append(inspect.Parameter('others', inspect.Parameter.VAR_KEYWORD))
                signature = inspect.Signature(parameters)

                def tool(*arguments, **named):
                    try:
                        given = signature.bind(*arguments, **named).arguments
                    except TypeError as e:
                        raise TypeError(f'{name}(): {e}') from None
                    rest = given.pop('others', {})
                    for each in rest:
                        if each not in others:
                            raise TypeError(f'{name}(): got an unexpected keyword argument {each!r}')
                    for each in others:
                        if each in required and each not in rest:
                            raise TypeError(f'{name}(): missing a required argument: {each!r}')
                    return json.loads(call(name, json.dumps({**given, **rest}, default=convert, allow_nan=False)))

                tool.__name__ = tool.__qualname__ = name
                tool.__doc__ = text
                tool.__signature__ = signature
                globals()[name] = tool

            for each in json.loads(tools):
                define(**each)

        _define_tools({{Bridge}}, {{PythonLiteral(Definitions)}})
        del _define_tools, {{Bridge}}

        """;

    private string Definitions => JsonSerializer.Serialize(_tools.Values.Select(tool => new
    {
        name = tool.Name,
        text = tool.Function.Description,
        names = tool.Parameters.Select(parameter => parameter.Name),
        required = tool.Parameters.Where(parameter => parameter.IsRequired).Select(parameter => parameter.Name),
    }));

    /// <summary>What gives the same as a host, and the function behind all tools.</summary>
    public PythonHost AddTo(PythonHost host)
    {
        host = host.Copy();
        if (_tools.Count > 0)
            host.Expose(Bridge, (string name, string arguments, CancellationToken cancellationToken) => Require(name).CallAsync(arguments, Invocation, cancellationToken), waits: true);
        return host;
    }

    private Tool Require(string name) => _tools.GetValueOrDefault(name) ?? throw new KeyNotFoundException("There is no tool of this name.");

    /// <summary>A text as a literal of Python, which has the escapes that JSON has.</summary>
    private static string PythonLiteral(string text) => JsonSerializer.Serialize(text);
}
