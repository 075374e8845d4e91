namespace Fermata.Wast;

/// <summary>A command did not do what the script says. The message says why.</summary>
internal sealed class CommandFailedException(string reason) : Exception(reason);
