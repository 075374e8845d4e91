using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.CppExceptions;

/// <summary>
/// The handlers of C++ exceptions that a call is in, and how many exceptions are on their way to one: what a thread has in C++. It is in globals of the glue or, of programs with
/// exceptions of WebAssembly, in their memory (<c>__cxa_get_globals</c>).
/// </summary>
/// <param name="other">What else is kept for each call; null for nothing.</param>
internal sealed class HandlerStates(CallState? other) : CallState
{
    private const string GetGlobals = "__cxa_get_globals";

    private Global? _handlers;
    private Global? _uncaught;
    private Memory? _memory;
    private Function? _getGlobals;
    private ulong? _globals;

    /// <summary>Whether a module keeps anything where it is found.</summary>
    /// <param name="exports">What it exports.</param>
    /// <param name="names">What Emscripten calls that.</param>
    public static bool IsNeeded(IEnumerable<ExportType> exports, EmscriptenNames names) =>
        exports.Any(export => export.Name == SharedGlue.NameOf(SharedGlue.Handlers) || names.Of(export) == GetGlobals);

    /// <summary>Begins with a program of which no code has run.</summary>
    public void Attach(Instance instance, EmscriptenContext context)
    {
        _handlers = Find(instance, SharedGlue.Handlers);
        _uncaught = Find(instance, SharedGlue.UncaughtExceptions);
        _memory = context.Memory;
        _getGlobals = context.Exports.Find(GetGlobals) is { Type: { Parameters: [], Results: [{ Kind: ValKind.I32 }] } } function ? function : null;
    }

    public override object? Suspend()
    {
        var suspended = new Suspended(_handlers?.Value.AsRef(), _uncaught?.Get<int>() ?? 0, ReadGlobals(), other?.Suspend());
        Put(null, 0, 0);
        return suspended is { Handlers: null, Uncaught: 0, Globals: 0, Other: null } ? null : suspended;
    }

    public override void Resume(object? state)
    {
        var suspended = state as Suspended;
        Put(suspended?.Handlers, suspended?.Uncaught ?? 0, suspended?.Globals ?? 0);
        other?.Resume(suspended?.Other);
    }

    public override void Abandon()
    {
        Put(null, 0, 0);
        other?.Abandon();
    }

    private static Global? Find(Instance instance, string symbol) => instance.Find<Global>(SharedGlue.NameOf(symbol));

    private void Put(object? handlers, int uncaught, ulong globals)
    {
        if (_handlers is not null)
            _handlers.Value = Value.FromRef(handlers, _handlers.Type.Type);
        _uncaught?.Set(uncaught);
        WriteGlobals(globals);
    }

    /// <summary>The first handler, and the number of exceptions on their way: two words.</summary>
    private ulong ReadGlobals() => FindGlobals() is { } address ? _memory!.Read<ulong>(address) : 0;

    private void WriteGlobals(ulong value)
    {
        if (FindGlobals() is { } address)
            _memory!.Write(address, value);
    }

    /// <summary>Where they are in memory, which is the same place for as long as the program runs; null if they are not.</summary>
    private ulong? FindGlobals() => _globals ??=
        _memory is not null && _getGlobals?.Invoke() is [var result] && (uint)result.AsI32() is var address && address + (ulong)sizeof(ulong) <= (ulong)_memory.ByteLength ? address : null;

    private sealed record Suspended(object? Handlers, int Uncaught, ulong Globals, object? Other);
}
