namespace Fermata.Runtime;

/// <summary>What generated code calls to throw and to catch. An exception reference is the .NET exception itself.</summary>
internal static class ExceptionOperations
{
    /// <summary>
    /// Whether WebAssembly code can catch it at all: it cannot catch traps, nor go on when its call is over, or when there is no memory, which all
    /// stores of the process lack.
    /// </summary>
    public static bool IsCatchable(object exception) =>
        exception is WasmException or not (TrapException or CallEndedException or StoreEndedException or WasmExitException or OutOfMemoryException);

    /// <summary>
    /// Whether an exception of a host function goes on by the return path: code may catch it, it ends the call, which is to be quick from the bottom of a deep stack too, or there is
    /// not the native stack left for it to pass as a .NET exception. Called in filters.
    /// </summary>
    public static bool ReturnsThroughCode(object exception) => IsCatchable(exception) || IsEnd(exception) || NativeStack.IsShort();

    /// <summary>Whether an exception ends the call from outside: it was cancelled, or its store is disposed.</summary>
    public static bool IsEnd(object exception) => exception is CallEndedException or StoreEndedException;

    /// <summary>Whether an exception is of this kind. One that is not from WebAssembly is of the store's host kind.</summary>
    public static bool HasTag(object exception, Tag tag) => exception is WasmException wasm
        ? wasm.Tag == tag
        : tag.Store.IsHostExceptionTag(tag);

    /// <summary>Called by generated code, which looks afterwards whether the call ends.</summary>
    public static WasmException New(Tag tag)
    {
        var exception = new WasmException(tag);
        tag.Store.Context.CountObjectOrEnd(exception, WasmException.HeaderBytes + (sizeof(ulong) * (tag.NumberCount + tag.ReferenceCount)));
        return exception;
    }

    public static ref ulong Number(object exception, int slot) => ref ((WasmException)exception).Numbers[slot];

    /// <summary>A reference that the exception carries; one that is not from WebAssembly carries itself.</summary>
    public static ref object? Reference(object exception, int slot)
    {
        if (exception is WasmException wasm)
            return ref wasm.References[slot];
        return ref new object?[] { exception }[0];
    }

    /// <summary>The operand of <c>throw_ref</c>, what an exception reference stands for: one of the host kind that carries a .NET exception is that.</summary>
    /// <exception cref="TrapException">It is null.</exception>
    public static object OfReference(object? exception)
    {
        if (exception is null)
            throw TrapException.Create(TrapKind.NullExceptionReference);
        return exception is WasmException { References: [Exception host] } wasm && wasm.Tag.Store.IsHostExceptionTag(wasm.Tag) ? host : exception;
    }

    /// <summary>Called by the thunk of a host function, which returns then: what the function threw is on its way to a handler.</summary>
    public static void ThrowFromHost(HostFunction function, object exception) => function.Context.Throw((Exception)exception);
}
