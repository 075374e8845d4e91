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

    private readonly nint[] _addresses = new nint[TypeThunks.Count];
    private Func<TypeThunk, nint>? _compiled;

    /// <summary>Has code taken that was compiled ahead of time, where there is none yet.</summary>
    public void Provide(Func<TypeThunk, nint> compiled)
    {
        lock (_lock)
            _compiled ??= compiled;
    }

    /// <summary>The address of code for the type.</summary>
    public nint AddressOf(TypeThunk kind)
    {
        lock (_lock)
        {
            ref var address = ref _addresses[(int)kind];
            if (address == 0)
                address = _compiled?.Invoke(kind) ?? Make(kind);
            return address;
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

    private nint Make(TypeThunk kind)
    {
        var method = Define(assemblies.Visible, TypeThunks.Of(kind, type));

        // It is called when a call has begun.
        if (kind == TypeThunk.Entry)
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        return method.MethodHandle.GetFunctionPointer();
    }

    private HostThunk MakeUntyped(bool isAsync) =>
        new(AddressOf(isAsync ? TypeThunk.UntypedAsyncCall : TypeThunk.UntypedCall), isAsync ? UntypedCall.ResultWriter : null, isAsync);

    private HostThunk MakeImport(DelegateSignature signature)
    {
        var assembly = assemblies.For(signature);
        var call = TypeThunks.CalledAsFunction("CallHost", type, il => new HostThunkEmitter(il, signature, type).EmitCall());
        var code = Define(assembly, call).MethodHandle.GetFunctionPointer();
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

    private MethodInfo Define(ThunkAssembly assembly, string name, Type result, Type[] parameters, Action<ILGenerator> emit) =>
        Define(assembly, new MethodTemplate(name, result, parameters, emit));

    private MethodInfo Define(ThunkAssembly assembly, MethodTemplate template)
    {
        var method = assembly.Define(template, values: type.ParameterArray.Length + type.ResultArray.Length);
        _methods.Add(method);
        return method;
    }
}
