namespace Fermata.Durable;

/// <summary>What a program waits for that is answered from elsewhere, or by the time.</summary>
internal sealed class ElsewhereFunction(string name) : DurableFunction(name);
