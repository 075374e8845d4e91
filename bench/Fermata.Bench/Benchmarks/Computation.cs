using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fermata.Bench;

/// <summary>A plain synchronous call of a function that only computes.</summary>
/// <param name="function">The function, in some engine.</param>
/// <param name="argument">How much it does.</param>
internal sealed class Computation(Func<int, int> function, int argument) : IBenchmark
{
    private delegate int NativeFunction(int argument);

    /// <summary>An engine whose code cannot be stopped and has the thread's stack alone.</summary>
    public static EngineOptions Bare { get; } = new() { IsInterruptible = false, MaxStackBytes = 0 };

    /// <summary>An engine whose indirect calls may be of functions of another type.</summary>
    public static EngineOptions Casting { get; } = new() { AllowsFunctionPointerCasts = true };

    public static Computation InFermata(Kernel kernel, EngineOptions options) =>
        new(Guest.InstantiateFile(kernel.Module, options).GetFunction<Func<int, int>>(kernel.Export), kernel.Argument);

    /// <summary>The same in Wasmtime; engine and store live as long as the process.</summary>
    public static Computation InWasmtime(Kernel kernel)
    {
        var engine = new Wasmtime.Engine();
        var instance = new Wasmtime.Instance(new Wasmtime.Store(engine), Wasmtime.Module.FromFile(engine, kernel.Module));
        return new(instance.GetFunction<int, int>(kernel.Export)!, kernel.Argument);
    }

    /// <summary>The same as a library of this machine.</summary>
    public static Computation Natively(Kernel kernel)
    {
        var function = Marshal.GetDelegateForFunctionPointer<NativeFunction>(NativeLibrary.GetExport(NativeLibrary.Load(kernel.Library), kernel.Export));
        return new(function.Invoke, kernel.Argument);
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = function(argument);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Measurement(elapsed.TotalMilliseconds, Checksum: result);
    }
}
