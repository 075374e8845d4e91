using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Fermata.Compilation;
using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>The code between .NET and the functions of one type, each piece compiled when it is first asked for. Safe for use by several threads.</summary>
/// <remarks>Addresses stay valid as long as this object lives.</remarks>
/// <param name="type">The type.</param>
/// <param name="assemblies">Where the code goes.</param>
internal sealed class FunctionThunks(FuncType type, ThunkAssemblies assemblies)
{
    private readonly Dictionary<DelegateSignature, HostThunk> _imports = [];
    private readonly Dictionary<Type, HostThunk> _untyped = [];
    private readonly Dictionary<Type, ExportThunk> _exports = [];
    private readonly Lock _lock = new();

    /// <summary>Kept, as the address of its code does not keep an assembly.</summary>
    private readonly List<MethodInfo> _methods = [];

    private nint _entry;
    private nint _trap;
    private nint _binding;

    /// <summary>
    /// The address of a method that calls a function of the type with the arguments in the context's slots and leaves the results there:
    /// <c>void Enter(Function, StoreContext)</c>.
    /// </summary>
    public nint Entry
    {
        get
        {
            lock (_lock)
            {
                if (_entry == 0)
                {
                    var method = Define(assemblies.Visible, "Enter", typeof(void), [typeof(Function), typeof(StoreContext)], il => EntryEmission.Emit(il, type));
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
                    _entry = method.MethodHandle.GetFunctionPointer();
                }

                return _entry;
            }
        }
    }

    /// <summary>The address of code that takes what a function of the type takes, and calls a delegate that traps.</summary>
    public nint Trap
    {
        get
        {
            lock (_lock)
                return _trap != 0 ? _trap : _trap = DefineCode(assemblies.Visible, "Trap", MissingFunction.EmitCall);
        }
    }

    /// <summary>The address of code that takes what a function of the type takes, binds it, and calls it (<see cref="UnboundFunction"/>).</summary>
    public nint Binding
    {
        get
        {
            lock (_lock)
                return _binding != 0 ? _binding : _binding = DefineCode(assemblies.Visible, "Bind", il => EntryEmission.EmitBinding(il, type));
        }
    }

    /// <summary>What lets WebAssembly call delegates that fit the type.</summary>
    public HostThunk ForImport(DelegateSignature signature)
    {
        lock (_lock)
        {
            if (!_imports.TryGetValue(signature, out var thunk))
                _imports.Add(signature, thunk = MakeImport(signature));
            return thunk;
        }
    }

    /// <summary>What lets WebAssembly call an <see cref="UntypedFunction"/> or <see cref="AsyncUntypedFunction"/> as a function of the type.</summary>
    public HostThunk ForUntyped(Type delegateType)
    {
        lock (_lock)
        {
            if (!_untyped.TryGetValue(delegateType, out var thunk))
                _untyped.Add(delegateType, thunk = MakeUntyped(delegateType == typeof(AsyncUntypedFunction)));
            return thunk;
        }
    }

    /// <summary>What lets delegates that fit the type call WebAssembly.</summary>
    public ExportThunk ForExport(DelegateSignature signature)
    {
        lock (_lock)
        {
            if (!_exports.TryGetValue(signature.DelegateType, out var thunk))
                _exports.Add(signature.DelegateType, thunk = MakeExport(signature));
            return thunk;
        }
    }

    private HostThunk MakeUntyped(bool isAsync)
    {
        var code = DefineCode(assemblies.Visible, "CallHost", il => UntypedThunkEmitter.EmitCall(il, type, isAsync));
        return new HostThunk(code, isAsync ? UntypedCall.ResultWriter : null, isAsync);
    }

    private HostThunk MakeImport(DelegateSignature signature)
    {
        var assembly = assemblies.For(signature);
        var code = DefineCode(assembly, "CallHost", il => new HostThunkEmitter(il, signature, type).EmitCall());
        if (!signature.IsAsync || (signature.Awaited == typeof(void) && signature.Completion is null))
            return new HostThunk(code, null, signature.IsAsync);

        var awaited = signature.Awaited == typeof(void) ? typeof(NoResult) : signature.Awaited;
        var writer = Define(
            assembly,
            "WriteResults",
            typeof(void),
            [typeof(HostFunction), typeof(StoreContext), awaited, typeof(FrameStack)],
            il => new HostThunkEmitter(il, signature, type).EmitResultWriter());
        return new HostThunk(code, writer.CreateDelegate(typeof(ResultWriter<>).MakeGenericType(awaited)), IsSuspending: true);
    }

    private ExportThunk MakeExport(DelegateSignature signature)
    {
        var assembly = assemblies.For(signature);
        var parameters = Array.ConvertAll(signature.Invoke.GetParameters(), parameter => parameter.ParameterType);
        var call = Define(
            assembly,
            "CallExport",
            signature.Invoke.ReturnType,
            [typeof(TypedCall), .. parameters],
            il => new ExportThunkEmitter(il, signature, type).EmitCall());
        if (!signature.IsAsync || signature.Awaited == typeof(void))
            return new ExportThunk(call, null);

        var reader = Define(
            assembly,
            "ReadResults",
            signature.Awaited,
            [typeof(Function), typeof(StoreContext)],
            il => new ExportThunkEmitter(il, signature, type).EmitResultReader());
        return new ExportThunk(call, reader.CreateDelegate(typeof(ResultReader<>).MakeGenericType(signature.Awaited)));
    }

    /// <summary>Makes what generated code calls as a function of the type.</summary>
    private nint DefineCode(ThunkAssembly assembly, string name, Action<ILGenerator> emit) =>
        Define(assembly, name, ClrTypes.ResultOf(type), [typeof(object), .. ClrTypes.ParametersOf(type)], emit).MethodHandle.GetFunctionPointer();

    private MethodInfo Define(ThunkAssembly assembly, string name, Type result, Type[] parameters, Action<ILGenerator> emit)
    {
        var size = type.ParameterArray.Length + type.ResultArray.Length;
        var method = assembly.Define(name, result, parameters, size, emit);
        _methods.Add(method);
        return method;
    }
}
