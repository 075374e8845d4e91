using System.Globalization;
using System.Runtime.InteropServices;

namespace Fermata.Fuzz.Running;

/// <summary>The lines that say what happened in a run, in the same words as <c>node/run.mjs</c>.</summary>
internal sealed class RunLog(Action<string>? observer)
{
    private readonly Dictionary<object, int> _objects = new(ReferenceEqualityComparer.Instance);

    public List<string> Lines { get; } = [];

    /// <summary>The functions of the instance by object.</summary>
    public Dictionary<Function, int> Functions { get; } = new(ReferenceEqualityComparer.Instance);

    public void Say(string line)
    {
        Lines.Add(line);
        observer?.Invoke(line);
    }

    public void Attempt(string what, Func<string> action, Func<WasmException, string> describe)
    {
        // Should the process not survive it, this is the last line.
        observer?.Invoke($"{what} ...");
        string outcome;
        try
        {
            outcome = action();
        }
        catch (Exception e)
        {
            outcome = Describe(e, describe);
        }

        Say($"{what}: {outcome}");
    }

    public string DescribeAll(IEnumerable<object?> values) => $"[{string.Join(", ", values.Select(Describe))}]";

    public string Describe(object? value) => value switch
    {
        null => "null",
        Value { Type.IsRef: true } reference => Describe(reference.AsRef()),
        Value { Type.Kind: ValKind.I32 } number => Describe(number.AsI32()),
        Value number => Describe(number.AsI64()),
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture),
        I31 number => number.ToString(),
        Function function => Functions.TryGetValue(function, out var index) ? $"func {index}" : "func",
        HostObject host => $"host {host.Number}",
        Exception => "error",
        _ => $"object {Number(value)}",
    };

    /// <summary>The size of a memory and a hash of its first 64 pages.</summary>
    public static string Hash(Memory memory)
    {
        var state = unchecked((int)0x811C9DC5);
        var bytes = memory.GetSpan(0ul, (int)Math.Min(memory.ByteLength, 1 << 22));
        foreach (var word in MemoryMarshal.Cast<byte, int>(bytes))
            state = (state ^ word) * 0x01000193 + (int)((uint)state >> 15);
        return $"{memory.ByteLength} {state}";
    }

    private int Number(object value)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_objects, value, out var exists);
        if (!exists)
            number = _objects.Count - 1;
        return number;
    }

    private static string Describe(Exception exception, Func<WasmException, string> describe) => exception switch
    {
        TrapException { Kind: TrapKind.StackExhausted or TrapKind.OutOfMemory } or InsufficientMemoryException or OutOfMemoryException => "resource",
        TrapException trap => $"trap {trap.Kind}",
        WasmException thrown => describe(thrown),
        HostException => "host error",
        ModuleException => $"invalid {exception.Message}",
        NotSupportedException => $"unsupported {exception.Message}",
        LinkException => $"error {exception.Message}",
        _ => $"CRASH {exception}",
    };
}

/// <summary>An object of the host that modules can hold.</summary>
internal sealed record HostObject(int Number)
{
    /// <summary>The same objects for all modules.</summary>
    public static HostObject[] All { get; } = [.. Enumerable.Range(0, 16).Select(number => new HostObject(number))];
}

/// <summary>What functions of the host throw.</summary>
internal sealed class HostException(string message) : Exception(message);
