namespace Fermata.Wasi.Tests;

/// <summary>What the host throws in tests of its faults, and nothing else does.</summary>
public sealed class FaultException() : Exception("A fault of the test.");
