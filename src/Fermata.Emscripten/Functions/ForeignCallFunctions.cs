using Fermata.Emscripten.ForeignFunctions;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>What libffi leaves to its host. <c>ffi_call_js</c> itself is in the glue, so that no frame of the host is under the function that it calls.</summary>
internal static class ForeignCallFunctions
{
    /// <summary>Results of libffi: <c>FFI_OK</c> and <c>FFI_BAD_TYPEDEF</c>.</summary>
    private const int Succeeded = 0, BadType = 1;

    /// <summary>Fields of <c>ffi_closure</c>.</summary>
    private const int Pointer = 0, Cif = 4, Handler = 8, UserData = 12;

    /// <summary>The function that calls another as one of a type.</summary>
    public static Function CallerOf(Caller caller, int cif, int function) => TypesOf(caller).CallerOf(ForeignSignature.Read(caller, cif), function);

    /// <summary>Allocates an <c>ffi_closure</c> and a place in the table; returns zero if there is no room.</summary>
    public static int AllocateClosure(Caller caller, int size, int code)
    {
        var closure = (int)GuestHeap.Allocate(caller, Math.Max(size, UserData + sizeof(int)));
        if (closure == 0)
            return 0;
        try
        {
            var pointer = TypesOf(caller).Allocate();
            caller.Write(code, pointer);
            caller.Write(closure + Pointer, pointer);
            return closure;
        }
        catch (Exception e) when (IsImpossible(e))
        {
            FreeMemory(caller, closure);
            return 0;
        }
    }

    public static void FreeClosure(Caller caller, int closure)
    {
        TypesOf(caller).Free(caller.Read<int>(closure + Pointer));
        FreeMemory(caller, closure);
    }

    /// <summary>Makes a closure: what calls it calls a handler with the type, where the result goes, pointers to the arguments, and data.</summary>
    public static int PrepareClosure(Caller caller, int closure, int cif, int handler, int userData, int pointer)
    {
        caller.Write(closure + Cif, cif);
        caller.Write(closure + Handler, handler);
        caller.Write(closure + UserData, userData);
        try
        {
            return TypesOf(caller).Prepare(pointer, ForeignSignature.Read(caller, cif), closure) ? Succeeded : BadType;
        }
        catch (Exception e) when (IsImpossible(e))
        {
            return BadType;
        }
    }

    /// <summary>Whether the program asks for what cannot be: types that C has not in WebAssembly, or more than there is room for; or has no table of functions.</summary>
    private static bool IsImpossible(Exception exception) => exception is NotSupportedException or DynamicLinkException or InvalidOperationException;

    private static void FreeMemory(Caller caller, int address) => EmscriptenContext.Of(caller).Exports.Find("free")?.Invoke(address);

    private static ForeignTypes TypesOf(Caller caller) => EmscriptenContext.Of(caller).ForeignTypes!;
}
