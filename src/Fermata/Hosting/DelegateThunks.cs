using Fermata.Compilation;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>The code between delegate types and function types, each pair once in an engine.</summary>
/// <param name="visible">Where code goes that uses only public types.</param>
internal sealed class DelegateThunks(ThunkAssembly visible)
{
    private readonly Dictionary<(DelegateSignature Signature, int Function), HostThunk> _imports = [];
    private readonly Dictionary<(Type Delegate, int Function), HostThunk> _untyped = [];
    private readonly Dictionary<(Type Delegate, int Function), ExportThunk> _exports = [];
    private readonly Dictionary<string, ThunkAssembly> _assemblies = [];
    private readonly Lock _lock = new();

    /// <summary>What lets WebAssembly call delegates that fit the function type.</summary>
    public HostThunk ForImport(DelegateSignature signature, DefinedType type)
    {
        lock (_lock)
        {
            var key = (signature, type.Id);
            if (!_imports.TryGetValue(key, out var thunk))
                _imports.Add(key, thunk = MakeImport(signature, type.Func!));
            return thunk;
        }
    }

    /// <summary>What lets WebAssembly call an <see cref="UntypedFunction"/> or <see cref="AsyncUntypedFunction"/> as a function of the type.</summary>
    public HostThunk ForUntyped(Type delegateType, DefinedType type)
    {
        lock (_lock)
        {
            var key = (delegateType, type.Id);
            if (!_untyped.TryGetValue(key, out var thunk))
                _untyped.Add(key, thunk = MakeUntyped(type.Func!, delegateType == typeof(AsyncUntypedFunction)));
            return thunk;
        }
    }

    /// <summary>What lets delegates that fit the function type call WebAssembly.</summary>
    public ExportThunk ForExport(DelegateSignature signature, DefinedType type)
    {
        lock (_lock)
        {
            var key = (signature.DelegateType, type.Id);
            if (!_exports.TryGetValue(key, out var thunk))
                _exports.Add(key, thunk = MakeExport(signature, type.Func!));
            return thunk;
        }
    }

    private HostThunk MakeUntyped(FuncType type, bool isAsync)
    {
        var code = visible.Define(
            "CallHost",
            ClrTypes.ResultOf(type),
            [typeof(object), .. ClrTypes.ParametersOf(type)],
            il => UntypedThunkEmitter.EmitCall(il, type, isAsync));
        return new HostThunk(code, isAsync ? UntypedCall.ResultWriter : null, isAsync);
    }

    private HostThunk MakeImport(DelegateSignature signature, FuncType type)
    {
        var assembly = AssemblyFor(signature);
        var code = assembly.Define(
            "CallHost",
            ClrTypes.ResultOf(type),
            [typeof(object), .. ClrTypes.ParametersOf(type)],
            il => new HostThunkEmitter(il, signature, type).EmitCall());
        if (!signature.IsAsync || (signature.Awaited == typeof(void) && signature.Completion is null))
            return new HostThunk(code, null, signature.IsAsync);

        var awaited = signature.Awaited == typeof(void) ? typeof(NoResult) : signature.Awaited;
        var writer = assembly.DefineMethod(
            "WriteResults",
            typeof(void),
            [typeof(HostFunction), typeof(StoreContext), awaited, typeof(FrameStack)],
            il => new HostThunkEmitter(il, signature, type).EmitResultWriter());
        return new HostThunk(code, writer.CreateDelegate(typeof(ResultWriter<>).MakeGenericType(awaited)), IsSuspending: true);
    }

    private ExportThunk MakeExport(DelegateSignature signature, FuncType type)
    {
        var assembly = AssemblyFor(signature);
        var parameters = Array.ConvertAll(signature.Invoke.GetParameters(), parameter => parameter.ParameterType);
        var call = assembly.DefineMethod(
            "CallExport",
            signature.Invoke.ReturnType,
            [typeof(TypedCall), .. parameters],
            il => new ExportThunkEmitter(il, signature, type).EmitCall());
        if (!signature.IsAsync || signature.Awaited == typeof(void))
            return new ExportThunk(call, null);

        var reader = assembly.DefineMethod(
            "ReadResults",
            signature.Awaited,
            [typeof(Function), typeof(StoreContext)],
            il => new ExportThunkEmitter(il, signature, type).EmitResultReader());
        return new ExportThunk(call, reader.CreateDelegate(typeof(ResultReader<>).MakeGenericType(signature.Awaited)));
    }

    /// <summary>A delegate type may be private to its assembly, as may be those that it consists of.</summary>
    private ThunkAssembly AssemblyFor(DelegateSignature signature)
    {
        if (signature.DelegateType.IsVisible && signature.Completion?.Invoke.DeclaringType!.IsVisible != false)
            return visible;

        var names = new SortedSet<string>(StringComparer.Ordinal);
        AddAssemblies(names, signature.DelegateType);
        if (signature.Completion is { } completion)
        {
            AddAssemblies(names, completion.Invoke.DeclaringType!);
            AddAssemblies(names, completion.Invoke.ReturnType);
        }

        foreach (var type in signature.Parameters)
            AddAssemblies(names, type);
        AddAssemblies(names, signature.Awaited);
        var key = string.Join('\n', names);
        if (!_assemblies.TryGetValue(key, out var assembly))
            _assemblies.Add(key, assembly = new ThunkAssembly([.. names]));
        return assembly;
    }

    private static void AddAssemblies(SortedSet<string> names, Type type)
    {
        for (; type.HasElementType; type = type.GetElementType()!)
        {
        }

        if (type.Assembly != typeof(object).Assembly)
            names.Add(type.Assembly.GetName().Name!);
        foreach (var argument in type.GetGenericArguments())
            AddAssemblies(names, argument);
    }
}
