using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Fermata.Runtime;

/// <summary>What generated code calls to throw and to catch. An exception reference is the .NET exception itself.</summary>
internal static class ExceptionOperations
{
    /// <summary>Whether WebAssembly code can catch it at all: it cannot catch traps, nor go on when its call is over.</summary>
    public static bool IsCatchable(object exception) => exception is not (TrapException or CallEndedException or StoreEndedException or WasmExitException);

    /// <summary>Whether an exception is of this kind. One that is not from WebAssembly is of the store's host kind.</summary>
    public static bool HasTag(object exception, Tag tag) => exception is WasmException wasm
        ? wasm.Tag == tag
        : tag.Store.IsHostExceptionTag(tag) && IsCatchable(exception);

    public static WasmException New(Tag tag) => new(tag);

    public static ref ulong Number(object exception, int slot) => ref ((WasmException)exception).Numbers[slot];

    /// <summary>A reference that the exception carries; one that is not from WebAssembly carries itself.</summary>
    public static ref object? Reference(object exception, int slot)
    {
        if (exception is WasmException wasm)
            return ref wasm.References[slot];
        return ref new object?[] { exception }[0];
    }

    /// <summary>Throws an exception reference; one of the host kind that carries a .NET exception becomes that.</summary>
    [DoesNotReturn]
    public static void Throw(object? exception)
    {
        if (exception is null)
            throw TrapException.Create(TrapKind.NullExceptionReference);
        if (exception is WasmException { References: [Exception host] } wasm && wasm.Tag.Store.IsHostExceptionTag(wasm.Tag))
            exception = host;
        ExceptionDispatchInfo.Throw((Exception)exception);
    }
}
