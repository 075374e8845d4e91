namespace Fermata.Wast;

/// <summary>One run of a script or of a thread in one: its store, its instances and what has come out so far.</summary>
/// <remarks>All calls to the engine are in <c>WastRun.Engine.cs</c> and <see cref="ResultMatching"/>.</remarks>
internal sealed partial class WastRun : IDisposable
{
    private readonly string _script;
    private readonly IReadOnlyList<WastCommand> _commands;
    private readonly TextWriter _output;
    private readonly List<WastResult> _results = [];
    private readonly Dictionary<string, Defined<Module>> _modules = [];
    private readonly Dictionary<string, Defined<Instance>> _instances = [];
    private Defined<Module> _lastModule = new(null, new CommandFailedException("no module is defined"));
    private Defined<Instance> _lastInstance = new(null, new CommandFailedException("no instance is defined"));

    /// <summary>What a name stands for, or why that could not be made.</summary>
    private sealed record Defined<T>(T? Thing, Exception? Error)
        where T : class
    {
        public T Require() => Thing ?? throw Error!;
    }

    /// <summary>Runs all commands.</summary>
    public List<WastResult> Execute()
    {
        foreach (var command in _commands)
        {
            try
            {
                Execute(command);
                if (command.IsAssertion)
                    Report(command, WastOutcome.Passed, null);
            }
            catch (Exception e) when (e is NotSupportedException or CommandSkippedException)
            {
                for (var i = 0; i < command.AssertionCount; i++)
                    Report(command, WastOutcome.Skipped, FirstLine(e.Message));
            }
            catch (Exception e)
            {
                Report(command, WastOutcome.Failed, Describe(e));
            }
        }

        foreach (var thread in _threads.Values)
            Report(thread);
        return _results;
    }

    private void Execute(WastCommand command)
    {
        switch (command)
        {
            case ModuleCommand { IsDefinitionOnly: true } definition:
                Define(definition.Module);
                break;
            case ModuleCommand { Module: var module }:
                Remember(_instances, module.Name, ref _lastInstance, () => Instantiate(Define(module)));
                break;
            case InstanceCommand instance:
                Remember(_instances, instance.Name, ref _lastInstance, () => Instantiate(FindModule(instance.Module)));
                break;
            case RegisterCommand register:
                Register(register.ModuleName, FindInstance(register.Instance));
                break;
            case ActionCommand { Action: var action }:
                Perform(action);
                break;
            case AssertReturnCommand assertion:
                CheckResults(Perform(assertion.Action), assertion.Results);
                break;
            case AssertTrapCommand assertion:
                CheckTrap(assertion.Keyword, assertion.Problem, () => Perform(assertion.Action));
                break;
            case AssertExceptionCommand assertion:
                CheckException(() => Perform(assertion.Action));
                break;
            case AssertModuleCommand assertion:
                CheckRefusal(assertion);
                break;
            case ThreadCommand thread:
                Start(thread);
                break;
            case WaitCommand wait:
                Wait(wait.Thread);
                break;
            case UnsupportedCommand unsupported:
                throw new CommandSkippedException(unsupported.Reason);
        }
    }

    private Module Define(WastModule module)
    {
        Remember(_modules, module.Name, ref _lastModule, () => Compile(module));
        return _lastModule.Require();
    }

    /// <summary>Makes what a name stands for, and the last thing of its kind. If that fails, so will all that uses it.</summary>
    private static void Remember<T>(Dictionary<string, Defined<T>> names, string? name, ref Defined<T> last, Func<T> make)
        where T : class
    {
        try
        {
            last = new Defined<T>(make(), null);
        }
        catch (Exception e)
        {
            Exception consequence = e is NotSupportedException or CommandSkippedException
                ? new CommandSkippedException(FirstLine(e.Message))
                : new CommandFailedException($"needs a module that failed: {FirstLine(e.Message)}");
            last = new Defined<T>(null, consequence);
            throw;
        }
        finally
        {
            if (name is not null)
                names[name] = last;
        }
    }

    private Module FindModule(string? name) => Find(_modules, name, _lastModule);

    private Instance FindInstance(string? name) => Find(_instances, name, _lastInstance);

    private static T Find<T>(Dictionary<string, Defined<T>> names, string? name, Defined<T> last)
        where T : class
    {
        var found = name is null ? last : names.GetValueOrDefault(name);
        return (found ?? throw new CommandFailedException($"nothing has the name ${name}")).Require();
    }

    private void Report(WastCommand command, WastOutcome outcome, string? reason) =>
        _results.Add(new WastResult(_script, command.Line, command.Keyword, outcome, reason));

    private static string Describe(Exception e) =>
        e is CommandFailedException ? e.Message : $"{e.GetType().Name}: {FirstLine(e.Message)}";

    private static string FirstLine(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}
