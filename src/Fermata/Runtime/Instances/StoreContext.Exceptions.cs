using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>The exception that is on its way to a handler (section 4.6.4 "Exception Handling").</summary>
/// <remarks>
/// It travels by the return path: while it stands in <see cref="Suspension"/>, each activation that has no handler around its call returns, with the
/// same code that saves frames. No .NET exception is thrown before a host function, or the host itself, is reached.
/// </remarks>
internal sealed partial class StoreContext
{
    private readonly ThrownException _thrown = new();

    /// <summary>Called by generated code, which returns then: throws an exception out of a function.</summary>
    internal void ThrowFrom(object exception, Instance instance, int function)
    {
        Note((Exception)exception, instance, function);
        Throw((Exception)exception);
    }

    /// <summary>Called by generated code, which returns then: what ends the call in the middle of an instruction leaves the function.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void LeaveFrom(Instance instance, int function) => Note(_thrown.Exception!, instance, function);

    /// <summary>Has the code that runs, or that is resumed, look for a handler.</summary>
    internal void Throw(Exception exception)
    {
        // So that each frame on the way comes by PassFrame.
        _lastInstance = null;
        _thrown.Exception = exception;
        Suspension = _thrown;
    }

    /// <summary>Called by generated code where there is a handler: the exception that a call ended with; null if code cannot catch it, or the call is suspended.</summary>
    internal Exception? TakeCatchable() =>
        Suspension == _thrown && ExceptionOperations.IsCatchable(_thrown.Exception!) ? TakeThrown() : null;

    /// <summary>The exception that a call ended with; null if there is none.</summary>
    internal Exception? TakeThrown()
    {
        if (Suspension != _thrown)
            return null;
        Suspension = null;
        ClearSaved();
        var exception = _thrown.Exception;
        _thrown.Exception = null;
        return exception;
    }

    /// <summary>The exception leaves an activation, which stores its values as if they were kept.</summary>
    /// <returns>Where to.</returns>
    private unsafe ref ulong PassFrame(Instance instance, ulong header, int numbers)
    {
        Note(_thrown.Exception!, instance, FrameHeader.Function(header));
        ClearSavedReferences();
        if (_top is null || _top + 1 + numbers > _limit)
            MakeRoom(1 + numbers);
        return ref _top[1];
    }

    /// <summary>Has an exception tell that it left a function.</summary>
    private static void Note(Exception exception, Instance instance, int function)
    {
        if (exception is WasmException wasm)
            wasm.AddFrame(instance.Module, function);
        else
            (exception as TrapException)?.AddFrame(instance.Module, function);
    }
}
