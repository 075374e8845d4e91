using System.Reflection;
using System.Reflection.Emit;
using Fermata.Compilation;
using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>Emits what WebAssembly calls instead of a delegate.</summary>
internal sealed class HostThunkEmitter(ILGenerator il, DelegateSignature signature, FuncType type)
{
    private static readonly FieldInfo Context = ContextMembers.Field(typeof(HostFunction), nameof(HostFunction.Context));
    private static readonly FieldInfo Target = ContextMembers.Field(typeof(HostFunction), nameof(HostFunction.Target));
    private static readonly FieldInfo CurrentHost = ContextMembers.Field(typeof(StoreContext), nameof(StoreContext.CurrentHost));
    private static readonly FieldInfo Completion = ContextMembers.Field(typeof(HostFunction), nameof(HostFunction.Completion));
    private static readonly MethodInfo CancellationToken = typeof(StoreContext).GetProperty(nameof(StoreContext.CancellationToken), BindingFlags.Instance | BindingFlags.NonPublic)!.GetMethod!;
    private static readonly MethodInfo ArgumentNumber = ContextMembers.Method(typeof(FrameStack), nameof(FrameStack.ArgumentNumber));
    private static readonly MethodInfo ArgumentReference = ContextMembers.Method(typeof(FrameStack), nameof(FrameStack.ArgumentReference));
    private static readonly MethodInfo EnterSuspending = ContextMembers.Method(typeof(SuspendingImport), nameof(SuspendingImport.Enter));
    private static readonly MethodInfo ToParameter =
        ContextMembers.Method(typeof(ReferenceConversion), nameof(ReferenceConversion.ToParameter));
    private static readonly MethodInfo FromResult =
        ContextMembers.Method(typeof(ReferenceConversion), nameof(ReferenceConversion.FromResult));

    private static readonly ConstructorInfo NewCaller =
        typeof(Caller).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [typeof(HostFunction)])!;

    private static readonly MethodInfo ReturnFromHost = ContextMembers.Method(typeof(StoreContext), nameof(StoreContext.ReturnFromHost));
    private static readonly MethodInfo ReturnsThroughCode = ContextMembers.Method(typeof(ExceptionOperations), nameof(ExceptionOperations.ReturnsThroughCode));
    private static readonly MethodInfo ThrowFromHost = ContextMembers.Method(typeof(ExceptionOperations), nameof(ExceptionOperations.ThrowFromHost));

    private readonly LocalBuilder? _returned = type.ResultArray.Length == 0 ? null : il.DeclareLocal(ClrTypes.ResultOf(type));
    private readonly LocalBuilder _host = il.DeclareLocal(typeof(HostFunction));
    private readonly LocalBuilder _context = il.DeclareLocal(typeof(StoreContext));
    private readonly ValueSlots _resultSlots = new(il, type.ResultArray);
    private readonly int[] _argumentSlots = SlotLayout.Of(type.ParameterArray);

    /// <summary>The body of <c>R CallHost(object host, …)</c>.</summary>
    /// <remarks>An exception that WebAssembly code may catch goes no further as a .NET exception: it returns to where it may be caught, or thrown again.</remarks>
    public void EmitCall()
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Stloc, _host);
        var end = il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldloc, _host);
        if (signature.IsAsync)
        {
            il.Emit(OpCodes.Call, EnterSuspending);
            il.Emit(OpCodes.Stloc, _context);
            EmitAsyncCall(end);
        }
        else
        {
            il.Emit(OpCodes.Ldfld, Context);
            il.Emit(OpCodes.Stloc, _context);
            il.Emit(OpCodes.Ldloc, _context);
            il.Emit(OpCodes.Ldloc, _host);
            il.Emit(OpCodes.Stfld, CurrentHost);
            EmitTakeResults(EmitInvoke());
        }

        il.BeginExceptFilterBlock();
        il.Emit(OpCodes.Call, ReturnsThroughCode);
        il.BeginCatchBlock(null!);
        var exception = il.DeclareLocal(typeof(object));
        il.Emit(OpCodes.Stloc, exception);
        il.Emit(OpCodes.Ldloc, _host);
        il.Emit(OpCodes.Ldloc, exception);
        il.Emit(OpCodes.Call, ThrowFromHost);
        il.EndExceptionBlock();
        if (_returned is not null)
            il.Emit(OpCodes.Ldloc, _returned);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>The body of <c>void WriteResults(HostFunction, StoreContext, T, FrameStack)</c>.</summary>
    public void EmitResultWriter()
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Stloc, _host);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stloc, _context);
        if (signature.Completion is null)
        {
            var result = il.DeclareLocal(signature.Awaited);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Stloc, result);
            EmitStoreResults(result, 0);
        }
        else if (EmitComplete(() => il.Emit(OpCodes.Ldarg_2), EmitSavedArgument) is { } result)
        {
            EmitStoreResults(result, 0);
        }

        il.Emit(OpCodes.Ret);
    }

    private void EmitAsyncCall(Label end)
    {
        var task = EmitInvoke()!;
        var result = signature.Awaited == typeof(void) ? null : il.DeclareLocal(signature.Awaited);
        var suspended = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, _host);
        il.Emit(OpCodes.Ldloc, task);
        if (result is not null)
            il.Emit(OpCodes.Ldloca, result);
        il.Emit(OpCodes.Call, TryComplete(task.LocalType));
        il.Emit(OpCodes.Brfalse, suspended);
        EmitTakeResults(signature.Completion is null ? result : EmitComplete(() => il.Emit(OpCodes.Ldloc, result!), EmitArgument));
        il.Emit(OpCodes.Leave, end);

        il.MarkLabel(suspended);
        if (type.ParameterArray.Length > 0)
            FrameEmission.EmitSaveArguments(il, _context, type.ParameterArray);
    }

    /// <summary>Calls the second step as the current host function; the local with what it returned, null for nothing.</summary>
    private LocalBuilder? EmitComplete(Action emitResult, Action<int> emitArgument)
    {
        il.Emit(OpCodes.Ldloc, _context);
        il.Emit(OpCodes.Ldloc, _host);
        il.Emit(OpCodes.Stfld, CurrentHost);
        return EmitInvoke(Completion, signature.Completion!.Invoke, signature.Completion.TakesCaller, () =>
        {
            if (signature.Awaited != typeof(void))
                emitResult();
            EmitParameters(emitArgument);
        });
    }

    private static MethodInfo TryComplete(Type task)
    {
        var method = typeof(SuspendingImport).GetMethods().First(method =>
            method.Name == nameof(SuspendingImport.TryComplete)
            && Definition(method.GetParameters()[1].ParameterType) == Definition(task));
        return task.IsGenericType ? method.MakeGenericMethod(task.GetGenericArguments()) : method;

        static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
    }

    /// <summary>Calls the delegate as the current host function; the local with what it returned, null for nothing.</summary>
    private LocalBuilder? EmitInvoke() => EmitInvoke(Target, signature.Invoke, signature.TakesCaller, () =>
    {
        EmitParameters(EmitArgument);
        if (signature.TakesCancellation)
        {
            il.Emit(OpCodes.Ldloc, _context);
            il.Emit(OpCodes.Call, CancellationToken);
        }
    });

    private LocalBuilder? EmitInvoke(FieldInfo target, MethodInfo invoke, bool takesCaller, Action emitArguments)
    {
        var returned = invoke.ReturnType == typeof(void) ? null : il.DeclareLocal(invoke.ReturnType);
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldloc, _host);
        il.Emit(OpCodes.Ldfld, target);
        if (takesCaller)
        {
            il.Emit(OpCodes.Ldloc, _host);
            il.Emit(OpCodes.Newobj, NewCaller);
        }

        emitArguments();
        il.Emit(OpCodes.Callvirt, invoke);
        if (returned is not null)
            il.Emit(OpCodes.Stloc, returned);

        // WebAssembly code always runs without a current host function.
        il.BeginFinallyBlock();
        il.Emit(OpCodes.Ldloc, _context);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Stfld, CurrentHost);
        il.EndExceptionBlock();

        // What was to end the call may have ended only one that the host function made, and the host function does not say so.
        var isUndisturbed = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, _context);
        il.Emit(OpCodes.Ldfld, ContextMembers.IsInterrupted);
        il.Emit(OpCodes.Brfalse, isUndisturbed);
        il.Emit(OpCodes.Ldloc, _context);
        il.Emit(OpCodes.Call, ReturnFromHost);
        il.MarkLabel(isUndisturbed);
        return returned;
    }

    /// <summary>Pushes the arguments as the delegates take them.</summary>
    private void EmitParameters(Action<int> emitArgument)
    {
        for (var i = 0; i < signature.Parameters.Length; i++)
        {
            emitArgument(i);
            var wanted = signature.Parameters[i];
            if (!type.ParameterArray[i].IsRef || wanted == typeof(object))
                continue;
            il.Emit(OpCodes.Ldloc, _host);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Call, ToParameter.MakeGenericMethod(wanted));
        }
    }

    private void EmitArgument(int index) => il.Emit(OpCodes.Ldarg, (short)(index + 1));

    /// <summary>Pushes an argument that was kept with the frames.</summary>
    private void EmitSavedArgument(int index)
    {
        var parameter = type.ParameterArray[index];
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldc_I4, _argumentSlots[index]);
        il.Emit(OpCodes.Call, parameter.IsRef ? ArgumentReference : ArgumentNumber);
        ClrTypes.EmitLoadIndirect(il, parameter);
    }

    /// <summary>Takes the first result for the one that is returned, and leaves the others in slots.</summary>
    private void EmitTakeResults(LocalBuilder? result)
    {
        if (result is null)
            return;
        EmitStoreResults(result, 1);
        EmitResult(result, 0);
        il.Emit(OpCodes.Stloc, _returned!);
    }

    private void EmitStoreResults(LocalBuilder result, int first)
    {
        for (var i = first; i < signature.Results.Length; i++)
        {
            EmitResult(result, i);
            var value = il.DeclareLocal(ClrTypes.Of(type.ResultArray[i]));
            il.Emit(OpCodes.Stloc, value);
            _resultSlots.EmitAddress(_context, i);
            il.Emit(OpCodes.Ldloc, value);
            _resultSlots.EmitStore(i);
        }
    }

    private void EmitResult(LocalBuilder result, int index)
    {
        var path = signature.Results[index].Path;
        il.Emit(path.Length == 0 ? OpCodes.Ldloc : OpCodes.Ldloca, result);
        for (var i = 0; i < path.Length; i++)
            il.Emit(i == path.Length - 1 ? OpCodes.Ldfld : OpCodes.Ldflda, path[i]);

        var wanted = type.ResultArray[index];
        if (!wanted.IsRef || ReferenceConversion.TakesAnything(wanted))
            return;
        il.Emit(OpCodes.Ldloc, _host);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Call, FromResult);
    }
}
