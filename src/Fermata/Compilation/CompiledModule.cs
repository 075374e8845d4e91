using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Fermata.Execution;

namespace Fermata.Compilation;

/// <summary>The machine code of a module: its instance class, run forms, and resume forms on demand.</summary>
internal sealed class CompiledModule
{
    private static readonly ConditionalWeakTable<Assembly, CompiledModule> ByAssembly = [];

    private readonly ModuleCompiler _compiler;
    private readonly CompiledFunction[] _functions;
    private readonly nint[] _entryPoints;
    private readonly nint[] _resumeForms;

    /// <summary>Kept, as the address of its code does not keep an assembly.</summary>
    private readonly List<MethodInfo> _resumeMethods = [];
    private Type _instanceClass = null!;
    private ConstructorInfo _constructor = null!;

    public CompiledModule(ModuleCompiler compiler)
    {
        _compiler = compiler;
        _functions = new CompiledFunction[compiler.Definition.Functions.Count];
        for (var i = 0; i < _functions.Length; i++)
            _functions[i] = new CompiledFunction(this, i);
        _entryPoints = new nint[_functions.Length];
        _resumeForms = new nint[_functions.Length];
    }

    /// <summary>The module that the instances are of, for traces.</summary>
    public Module? Module { get; set; }

    /// <summary>The name of the .NET method of a function, in either form.</summary>
    public static string MethodName(int function) => "f" + function.ToString(CultureInfo.InvariantCulture);

    /// <summary>The name of the method that stands before a function with a large frame; it is in no trace.</summary>
    public static string GuardName(int function) => "guard" + function.ToString(CultureInfo.InvariantCulture);

    /// <summary>The module and function that a .NET method is the code of.</summary>
    public static (Module Module, int Function)? Find(MethodBase? method)
    {
        if (method?.DeclaringType is not { Assembly.IsDynamic: true } type || !ByAssembly.TryGetValue(type.Assembly, out var code) || code.Module is null)
            return null;
        return method.Name.StartsWith('f') && int.TryParse(method.Name.AsSpan(1), CultureInfo.InvariantCulture, out var index) ? (code.Module, index) : null;
    }

    public void Complete(Type instanceClass)
    {
        _instanceClass = instanceClass;
        _constructor = instanceClass.GetConstructor(Type.EmptyTypes)!;
        ByAssembly.Add(instanceClass.Assembly, this);
    }

    public CompiledFunction Function(int index) => _functions[index];

    /// <summary>
    /// Continues after a call site of a function with the values of a frame; null until it was made, and for a function that may be too large for the native
    /// stack (<see cref="CompiledFunction.PrepareResumeForm"/>).
    /// </summary>
    public unsafe ResumeCode ResumeForm(int index) => (ResumeCode)_resumeForms[index];

    /// <summary>A new object of the module's instance class, with no field set.</summary>
    public Instance CreateInstance() => (Instance)_constructor.Invoke(null);

    /// <summary>The address of a function's run form.</summary>
    public nint EntryPoint(int function)
    {
        if (_entryPoints[function] == 0)
        {
            // Not by way of reflection, which searches through all methods of a class that were asked for.
            var token = _compiler.Methods[function]!.MetadataToken;
            _entryPoints[function] = _instanceClass.Module.ModuleHandle.GetRuntimeMethodHandleFromMetadataToken(token).GetFunctionPointer();
        }

        return _entryPoints[function];
    }

    /// <summary>Whether a call of the function can suspend, as far as can be told without knowing what is imported.</summary>
    public bool MaySuspend(int function) => _compiler.Suspension.MaySuspend(function);

    /// <summary>Makes room in a context for what the module's code leaves there when it is interrupted.</summary>
    public void EnsureStops(StoreContext context) => context.EnsureStops(_compiler.LargestStop.Numbers, _compiler.LargestStop.References);

    /// <summary>Makes the resume form of a function. One thread of a module at a time.</summary>
    public nint CompileResumeForm(CompiledFunction function)
    {
        var form = _compiler.CompileResumeForm(function);
        _resumeMethods.Add(form);
        ByAssembly.TryAdd(form.Module.Assembly, this);
        var address = form.MethodHandle.GetFunctionPointer();
        if (function.LargeFrameBytes == 0)
            Volatile.Write(ref _resumeForms[function.Index], address);
        return address;
    }
}
