using System.Runtime.InteropServices;
using Fermata.Emscripten.Abi;
using Fermata.Emscripten.Contexts;
using Fermata.Platform;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary><c>ucontext.h</c>: contexts with C stacks of their own, of which one runs at a time.</summary>
internal static class ContextFunctions
{
    /// <summary>What the context of a call is, the engine knows: there is nothing to note of it.</summary>
    public static int Getcontext(int context) => 0;

    /// <summary>The arguments that are passed on are an array, as those of all functions with any number of them.</summary>
    public static void Makecontext(Caller caller, int context, int function, int count, int arguments)
    {
        if ((uint)count > ContextEntry.MostArguments)
            return;
        var made = caller.Read<UContext>(context);
        ReadOnlySpan<int> values = MemoryMarshal.Cast<byte, int>(caller.GetSpan(arguments, count * sizeof(int))).ToArray();
        EmscriptenContext.Of(caller).Contexts.Make(caller, context, (int)made.StackEnd, made.Link, function, values);
    }

    public static ValueTask<Errno> Setcontext(Caller caller, int context, CancellationToken cancellationToken) => Contexts(caller).SetAsync(context, cancellationToken);

    public static int CompleteSetcontext(Caller caller, Errno error, int context) => Return(caller, error);

    public static ValueTask<Errno> Swapcontext(Caller caller, int from, int to, CancellationToken cancellationToken) => Contexts(caller).SwapAsync(from, to, cancellationToken);

    public static int CompleteSwapcontext(Caller caller, Errno error, int from, int to) => Return(caller, error);

    private static UserContexts Contexts(Caller caller) => caller.CanSuspend
        ? EmscriptenContext.Of(caller).Contexts
        : throw new InvalidOperationException("The program switches to another context (swapcontext) in a call that cannot be suspended. Call its function with InvokeAsync.");

    /// <summary>These are functions of the C library, not system calls: the error is in <c>errno</c>, if the program exports that.</summary>
    private static int Return(Caller caller, Errno error)
    {
        if (error == Errno.None)
            return 0;
        if (EmscriptenContext.Of(caller).Exports.Find("__errno_location")?.Invoke() is [var address])
            caller.Write(address.AsI32(), (int)error);
        return -1;
    }
}
