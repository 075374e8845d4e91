using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Fermata.Bench;

/// <summary>The methods that .NET compiles while code is being watched, as the runtime tells by its events (<c>MethodLoadVerbose</c>).</summary>
internal sealed class CompiledMethods : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords Jit = (EventKeywords)0x10;

    // The flags of a method have its tier in three bits.
    private const int TierShift = 7;
    private const int TierMask = 7;
    private const int Unoptimised = 1;

    private readonly ConcurrentQueue<CompiledMethod> _all = [];

    /// <summary>All of them; one that is compiled again is there twice.</summary>
    public IEnumerable<CompiledMethod> All => _all;

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime)
            EnableEvents(eventSource, EventLevel.Verbose, Jit);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true)
            return;
        var tier = (int)((uint)Value("MethodFlags") >> TierShift & TierMask);
        _all.Enqueue(new CompiledMethod($"{Value("MethodNamespace")}.{Value("MethodName")}", (uint)Value("MethodSize"), tier == Unoptimised));

        object Value(string name) => eventData.Payload![eventData.PayloadNames!.IndexOf(name)]!;
    }
}

/// <summary>A method that was compiled.</summary>
/// <param name="Name">Its type and name.</param>
/// <param name="Bytes">Of its machine code.</param>
/// <param name="IsUnoptimised">Whether it is code without optimisation for good (<c>MinOpts</c>), which it is if it is too long for the compiler.</param>
internal sealed record CompiledMethod(string Name, uint Bytes, bool IsUnoptimised);
