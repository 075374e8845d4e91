using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>What the thunks of untyped host functions call, with the arguments in the context's slots; afterwards the results are there.</summary>
internal static class UntypedCall
{
    public static readonly ResultWriter<Value[]> ResultWriter = static (function, context, results, _) => TakeResults(function, context, results);

    /// <summary>Calls an <see cref="UntypedFunction"/>.</summary>
    public static void Run(HostFunction function)
    {
        var context = function.Context;
        var parameters = function.Type.Func!.ParameterArray;
        var count = parameters.Length + function.Type.Func.ResultArray.Length;
        var values = context.HostValues.Push(count);
        try
        {
            var arguments = values[..parameters.Length];
            var results = values[parameters.Length..];
            SlotTransfer.Read(context.Slots, context.ReferenceSlots, parameters, arguments);
            context.CurrentHost = function;
            try
            {
                ((UntypedFunction)function.Target)(new Caller(function), arguments, results);
            }
            finally
            {
                context.CurrentHost = null;
            }

            context.EndIfDue();
            WriteResults(function, context, results);
        }
        catch (Exception exception) when (ExceptionOperations.ReturnsThroughCode(exception))
        {
            context.Throw(exception);
        }
        finally
        {
            context.HostValues.Pop(count);
        }
    }

    /// <summary>Calls an <see cref="AsyncUntypedFunction"/>; suspends the fiber if its task is not complete.</summary>
    /// <returns>Whether the call is over.</returns>
    public static bool Start(HostFunction function)
    {
        try
        {
            if (!SuspendingImport.TryComplete(function, Invoke(function), out var results))
                return false;
            TakeResults(function, function.Context, results);
        }
        catch (Exception exception) when (ExceptionOperations.ReturnsThroughCode(exception))
        {
            function.Context.Throw(exception);
        }

        return true;
    }

    private static ValueTask<Value[]> Invoke(HostFunction function)
    {
        var context = SuspendingImport.Enter(function);
        try
        {
            var arguments = SlotTransfer.Read(context.Slots, context.ReferenceSlots, function.Type.Func!.ParameterArray);
            return ((AsyncUntypedFunction)function.Target)(new Caller(function), arguments, context.CancellationToken);
        }
        finally
        {
            context.CurrentHost = null;
        }
    }

    private static void TakeResults(HostFunction function, StoreContext context, Value[]? results) =>
        WriteResults(function, context, results ?? throw new InvalidCastException($"The host function {function.Name} returned null instead of its results."));

    private static void WriteResults(HostFunction function, StoreContext context, ReadOnlySpan<Value> results)
    {
        var types = function.Type.Func!.ResultArray;
        if (results.Length != types.Length)
            throw new InvalidCastException($"The host function {function.Name} has {types.Length} results, but the delegate returned {results.Length}.");
        for (var i = 0; i < types.Length; i++)
        {
            if (!ReferenceTyping.Matches(results[i], types[i], function.Store))
                throw ReferenceConversion.WrongResult(function, i, results[i]);
        }

        SlotTransfer.Write(context.Slots, context.ReferenceSlots, results);
    }
}
