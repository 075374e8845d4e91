using System.Text.Json.Nodes;

namespace Fermata.Fuzz.Running;

/// <summary>The functions of the host: those that the fuzzer's modules know by name, and ones that only say that they were called.</summary>
internal sealed class FuzzingSupport(Plan plan, Tag tag, RunLog log, Func<Instance?> instance)
{
    public static Value[] Arguments(Function function, List<JsonNode?> planned) =>
        [.. planned.Select((argument, i) => FermataRun.Argument(argument, function.Type.Parameters[i]))];

    public object?[] Call(PlannedImport import, object?[] arguments)
    {
        if (import.Module == "fuzzing-support" && TryCall(import.Name, arguments) is { } results)
            return results;
        log.Say($"{import.Module} {import.Name} {log.DescribeAll(arguments)}");
        return [.. import.Types.Select(DefaultResult)];
    }

    private object?[]? TryCall(string name, object?[] arguments) => name switch
    {
        "throw" => throw ((int)arguments[0]! == 0 ? new HostException("thrown by the host") : new WasmException(tag, (int)arguments[0]!)),
        "table-get" => [FuzzingTable((int)arguments[0]!).Get((int)arguments[0]!)],
        "table-set" => SetElement((int)arguments[0]!, arguments[1]),
        "call-export" => Nested(arguments[1], () => CallExport((int)arguments[0]!)),
        "call-export-catch" => [Catch(() => CallExport((int)arguments[0]!))],
        "call-ref" => Nested(arguments[1], () => CallReference(arguments[0])),
        "call-ref-catch" => [Catch(() => CallReference(arguments[0]))],
        "sleep" => [arguments[1]],
        _ => null,
    };

    private Table FuzzingTable(int index)
    {
        var table = plan.FuzzingTable is { } number ? instance()?.GetTable($"t{number}") : null;
        return table is not null && (uint)index < (uint)table.Length ? table : throw new HostException("no such element");
    }

    private object?[] SetElement(int index, object? value)
    {
        FuzzingTable(index).Set(index, value);
        return [];
    }

    private void CallExport(int index)
    {
        if (instance() is null || plan.Exports.Count == 0)
            throw new HostException("nothing to call");
        CallDefault(plan.Exports[(int)((uint)index % plan.Exports.Count)]);
    }

    private void CallReference(object? target)
    {
        if (target is not Function function || !log.Functions.TryGetValue(function, out var index))
            throw new HostException("nothing to call");
        CallDefault(index);
    }

    private void CallDefault(int index)
    {
        if (plan.Functions[index] is not { } planned)
            throw new HostException("not callable");
        var function = instance()!.GetFunction(planned.Name);
        function.Invoke(Arguments(function, planned.Arguments));
    }

    private static object?[] Nested(object? flags, Action action)
    {
        if (((int)flags! & 1) != 0)
            Catch(action);
        else
            action();
        return [];
    }

    /// <summary>1 if the action throws. Traps go through, as they do through code of WebAssembly.</summary>
    private static int Catch(Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception e) when (e is WasmException or HostException)
        {
            return 1;
        }
    }

    private static object? DefaultResult(string type) => type switch
    {
        "i32" => 6,
        "i64" => 6L,
        "host" => HostObject.All[1],
        _ => null,
    };
}
