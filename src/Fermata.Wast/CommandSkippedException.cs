namespace Fermata.Wast;

/// <summary>A command cannot be tried. The message says why.</summary>
internal sealed class CommandSkippedException(string reason) : Exception(reason);
