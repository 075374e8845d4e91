using System.Reflection;
using System.Reflection.Emit;
using Fermata.Compilation;
using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>Emits the delegates that call WebAssembly.</summary>
internal sealed class ExportThunkEmitter(ILGenerator il, DelegateSignature signature, FuncType type)
{
    private static readonly MethodInfo Enter = ContextMembers.Method(typeof(TypedCall), nameof(TypedCall.Enter));
    private static readonly MethodInfo Run = ContextMembers.Method(typeof(TypedCall), nameof(TypedCall.Run));
    private static readonly MethodInfo Leave = ContextMembers.Method(typeof(TypedCall), nameof(TypedCall.Leave));
    private static readonly MethodInfo Prepare = ContextMembers.Method(typeof(TypedCall), nameof(TypedCall.Prepare));
    private static readonly MethodInfo Start = ContextMembers.Method(typeof(TypedCall), nameof(TypedCall.Start));
    private static readonly MethodInfo Fail = ContextMembers.Method(typeof(TypedCall), nameof(TypedCall.Fail));
    private static readonly MethodInfo NoCancellation = typeof(CancellationToken).GetProperty(nameof(CancellationToken.None))!.GetMethod!;
    private static readonly FieldInfo TargetFunction = ContextMembers.Field(typeof(TypedCall), nameof(TypedCall.Function));
    private static readonly MethodInfo ToResult =
        ContextMembers.Method(typeof(ReferenceConversion), nameof(ReferenceConversion.ToResult));
    private static readonly MethodInfo FromArgument =
        ContextMembers.Method(typeof(ReferenceConversion), nameof(ReferenceConversion.FromArgument));

    private readonly ValueSlots _argumentSlots = new(il, type.ParameterArray);
    private readonly ValueSlots _resultSlots = new(il, type.ResultArray);

    /// <summary>The body of <c>R CallExport(TypedCall call, …)</c>.</summary>
    public void EmitCall()
    {
        if (signature.IsAsync)
            EmitPromisingCall();
        else
            EmitSynchronousCall();
    }

    /// <summary>The body of <c>T ReadResults(Function, StoreContext)</c>.</summary>
    public void EmitResultReader()
    {
        var context = il.DeclareLocal(typeof(StoreContext));
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stloc, context);
        var result = il.DeclareLocal(signature.Awaited);
        EmitReadResults(context, result, () => il.Emit(OpCodes.Ldarg_0));
        il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Ret);
    }

    private void EmitSynchronousCall()
    {
        var arguments = EmitConvertArguments();
        var context = il.DeclareLocal(typeof(StoreContext));
        var result = signature.Awaited == typeof(void) ? null : il.DeclareLocal(signature.Awaited);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Enter);
        il.Emit(OpCodes.Stloc, context);
        il.BeginExceptionBlock();
        for (var i = 0; i < arguments.Length; i++)
        {
            _argumentSlots.EmitAddress(context, i);
            EmitArgument(arguments, i);
            _argumentSlots.EmitStore(i);
        }

        il.Emit(OpCodes.Ldarg_0);
        EmitCancellationToken();
        il.Emit(OpCodes.Call, Run);
        if (result is not null)
            EmitReadResults(context, result, EmitLoadFunction);
        il.BeginFinallyBlock();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Leave);
        il.EndExceptionBlock();
        if (result is not null)
            il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Ret);
    }

    private void EmitPromisingCall()
    {
        var result = signature.Awaited == typeof(void) ? typeof(NoResult) : signature.Awaited;
        var arguments = EmitConvertArgumentsOrFail(result);
        var slots = il.DeclareLocal(typeof(SlotValues));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Prepare);
        il.Emit(OpCodes.Stloc, slots);
        for (var i = 0; i < arguments.Length; i++)
        {
            _argumentSlots.EmitArgumentAddress(slots, i);
            EmitArgument(arguments, i);
            _argumentSlots.EmitStore(i);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, slots);
        EmitCancellationToken();

        // With nothing in between the JIT makes this a jump.
        il.Emit(OpCodes.Call, Start.MakeGenericMethod(result));
        EmitReturnTask(result);
    }

    private void EmitCancellationToken()
    {
        if (signature.TakesCancellation)
            il.Emit(OpCodes.Ldarg, (short)(type.ParameterArray.Length + 1));
        else
            il.Emit(OpCodes.Call, NoCancellation);
    }

    /// <summary>As <see cref="EmitConvertArguments"/>; a wrong argument fails the task that is returned.</summary>
    private LocalBuilder?[] EmitConvertArgumentsOrFail(Type result)
    {
        if (!Array.Exists(type.ParameterArray, NeedsCheck))
            return EmitConvertArguments();
        var failed = il.DeclareLocal(typeof(Task<>).MakeGenericType(result));
        var fits = il.DefineLabel();
        il.BeginExceptionBlock();
        var arguments = EmitConvertArguments();
        il.BeginCatchBlock(typeof(Exception));
        il.Emit(OpCodes.Call, Fail.MakeGenericMethod(result));
        il.Emit(OpCodes.Stloc, failed);
        il.EndExceptionBlock();
        il.Emit(OpCodes.Ldloc, failed);
        il.Emit(OpCodes.Brfalse, fits);
        il.Emit(OpCodes.Ldloc, failed);
        EmitReturnTask(result);
        il.MarkLabel(fits);
        return arguments;
    }

    private void EmitReturnTask(Type result)
    {
        var returned = signature.Invoke.ReturnType;
        if (returned.IsValueType)
            il.Emit(OpCodes.Newobj, returned.GetConstructor([result == typeof(NoResult) ? typeof(Task) : typeof(Task<>).MakeGenericType(result)])!);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Checks references before anything else happens. A local for each checked argument, null for the others.</summary>
    private LocalBuilder?[] EmitConvertArguments()
    {
        var arguments = new LocalBuilder?[type.ParameterArray.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!NeedsCheck(type.ParameterArray[i]))
                continue;
            var local = arguments[i] = il.DeclareLocal(typeof(object));
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            EmitLoadFunction();
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Call, FromArgument);
            il.Emit(OpCodes.Stloc, local);
        }

        return arguments;
    }

    private static bool NeedsCheck(ValType type) => type.IsRef && !ReferenceConversion.TakesAnything(type);

    private void EmitArgument(LocalBuilder?[] arguments, int index)
    {
        if (arguments[index] is { } local)
            il.Emit(OpCodes.Ldloc, local);
        else
            il.Emit(OpCodes.Ldarg, (short)(index + 1));
    }

    private void EmitReadResults(LocalBuilder context, LocalBuilder result, Action loadFunction)
    {
        for (var i = 0; i < signature.Results.Length; i++)
        {
            var (wanted, path) = signature.Results[i];
            if (path.Length > 0)
                il.Emit(OpCodes.Ldloca, result);
            for (var step = 0; step < path.Length - 1; step++)
                il.Emit(OpCodes.Ldflda, path[step]);
            _resultSlots.EmitLoad(context, i);
            if (type.ResultArray[i].IsRef && wanted != typeof(object))
            {
                loadFunction();
                il.Emit(OpCodes.Ldc_I4, i);
                il.Emit(OpCodes.Call, ToResult.MakeGenericMethod(wanted));
            }

            if (path.Length > 0)
                il.Emit(OpCodes.Stfld, path[^1]);
            else
                il.Emit(OpCodes.Stloc, result);
        }
    }

    private void EmitLoadFunction()
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, TargetFunction);
    }
}
