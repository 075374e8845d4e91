namespace Fermata.Wast;

/// <summary>A command of a script.</summary>
/// <param name="Keyword">Its keyword.</param>
/// <param name="Line">The line that it starts on, from 1.</param>
internal abstract record WastCommand(string Keyword, int Line)
{
    /// <summary>Whether the command is an assertion itself.</summary>
    public bool IsAssertion => Keyword.StartsWith("assert_", StringComparison.Ordinal);

    /// <summary>How many assertions the command makes, those inside it included.</summary>
    public virtual int AssertionCount => IsAssertion ? 1 : 0;
}

/// <summary>Defines a module and, unless it only defines it, makes an instance of the same name.</summary>
internal sealed record ModuleCommand(WastModule Module, bool IsDefinitionOnly, int Line) : WastCommand("module", Line);

/// <summary>Makes an instance of a defined module; without name, of the last one.</summary>
internal sealed record InstanceCommand(string? Name, string? Module, int Line) : WastCommand("module instance", Line);

/// <summary>Lets later modules import what an instance exports.</summary>
internal sealed record RegisterCommand(string ModuleName, string? Instance, int Line) : WastCommand("register", Line);

/// <summary>Acts and ignores the results.</summary>
internal sealed record ActionCommand(WastAction Action, int Line) : WastCommand("invoke", Line);

/// <summary>An action has these results.</summary>
internal sealed record AssertReturnCommand(WastAction Action, WastPattern[] Results, int Line) : WastCommand("assert_return", Line);

/// <summary>An action throws a WebAssembly exception.</summary>
internal sealed record AssertExceptionCommand(WastAction Action, int Line) : WastCommand("assert_exception", Line);

/// <summary>An action ends in a trap: <c>assert_trap</c>, <c>assert_exhaustion</c>.</summary>
internal sealed record AssertTrapCommand(string Keyword, WastAction Action, string Problem, int Line) : WastCommand(Keyword, Line);

/// <summary>A module is refused: malformed, invalid, unlinkable, or trapping at its start.</summary>
internal sealed record AssertModuleCommand(string Keyword, WastModule Module, string Problem, int Line) : WastCommand(Keyword, Line);

/// <summary>Runs commands on a thread of its own, with a store of its own. <paramref name="Shared"/> are modules of the script that it sees too.</summary>
internal sealed record ThreadCommand(string? Name, string?[] Shared, IReadOnlyList<WastCommand> Commands, int Line) : WastCommand("thread", Line)
{
    public override int AssertionCount => Commands.Sum(command => command.AssertionCount);
}

/// <summary>Waits until a thread has run all its commands.</summary>
internal sealed record WaitCommand(string Thread, int Line) : WastCommand("wait", Line);

/// <summary>A command that the runner knows and cannot run.</summary>
internal sealed record UnsupportedCommand(string Keyword, string Reason, int Line) : WastCommand(Keyword, Line);
