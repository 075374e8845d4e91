using Fermata.Wasi;

namespace Fermata.Fuzz.Wasi.Deadlines;

/// <summary>A call of a function of WASI that takes long.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Function">The function.</param>
/// <param name="Give">Adds what the program is given, and returns what is to be disposed afterwards.</param>
/// <param name="Prepare">Makes all ready, and returns the arguments.</param>
internal sealed record LongCall(string Name, string Function, Func<WasiBuilder, IDisposable?> Give, Func<DeadlineGuest, Task<Value[]>> Prepare);
