using System.Globalization;

namespace Fermata.Fuzz.Soak;

/// <summary>What one run does with a module, apart from the time that it takes.</summary>
internal sealed record class SoakPlan
{
    private static readonly int[] StackSizes = [256 << 10, 512 << 10, 1 << 20];
    private static readonly int[] Slices = [1, 5, Timeout.Infinite];

    /// <summary>How the calls end that do not end by themselves.</summary>
    public required Ending Ending { get; init; }

    /// <summary>When, in milliseconds after the start.</summary>
    public required int Delay { get; init; }

    /// <summary>The calls, one after another on a thread each: numbers of functions.</summary>
    public required IReadOnlyList<SoakCall> Calls { get; init; }

    /// <summary>The native stack of the threads that make calls, in bytes.</summary>
    public required int ThreadStackBytes { get; init; }

    public required ShadowStackPolicy ShadowStack { get; init; }

    public required TimeSpan TimeSlice { get; init; }

    public required bool AlwaysSuspends { get; init; }

    public required bool CallsSuspendingImportsSynchronously { get; init; }

    public required long MaxMemoryBytes { get; init; }

    public required long MaxTableElements { get; init; }

    public required long MaxCalls { get; init; }

    public required long MaxStackBytes { get; init; }

    public required long MaxObjectBytes { get; init; }

    /// <summary>What the store has at the start, in engines that use fuel.</summary>
    public required long Fuel { get; init; }

    /// <summary>What it gets when that is used up; 0 if it gets none.</summary>
    public required long MoreFuel { get; init; }

    /// <summary>Whether memory is looked at before the end and after it.</summary>
    public required bool MeasuresMemory { get; init; }

    public static EngineOptions Engine(RandomSource random) => new()
    {
        MaxStackBytes = random.OneIn(8) ? 0 : 1 << (16 + random.Below(10)),
        MaxNativeStackBytes = 1 << (17 + random.Below(6)),
        UsesFuel = random.OneIn(4),
        SuspendEverywhere = random.OneIn(10),
        SplitEverywhere = random.OneIn(10),
        AllowsFunctionPointerCasts = random.OneIn(10),
    };

    public static SoakPlan Make(RandomSource random, HostileModule module) => new()
    {
        Ending = random.Pick(Enum.GetValues<Ending>()),
        Delay = random.Below(1 << random.Below(7)),
        Calls = [.. Enumerable.Range(0, random.OneIn(2) ? 1 : 1 + random.Below(4)).Select(_ => SoakCall.Make(random, module))],
        ThreadStackBytes = random.Pick(StackSizes),
        ShadowStack = random.Pick(Enum.GetValues<ShadowStackPolicy>()),
        TimeSlice = TimeSpan.FromMilliseconds(random.Pick(Slices)),
        AlwaysSuspends = random.OneIn(4),
        CallsSuspendingImportsSynchronously = random.OneIn(2),
        MaxMemoryBytes = random.OneIn(20) ? random.Below(1 << 20) : module.MemoryBytes + random.Below(64 << 20),
        MaxTableElements = random.OneIn(20) ? random.Below(100) : HostileModule.TableElements + random.Below(1 << 20),
        MaxCalls = 1 + random.Below(100),
        MaxStackBytes = 1L << (16 + random.Below(12)),
        MaxObjectBytes = random.OneIn(2) ? long.MaxValue : 1L << (12 + random.Below(13)),
        Fuel = 1L << random.Below(40),
        MoreFuel = random.OneIn(2) ? 0 : 1L << random.Below(30),
        MeasuresMemory = random.OneIn(4),
    };

    /// <summary>The limits of its store.</summary>
    public StoreLimits Limits => new()
    {
        MaxMemoryBytes = MaxMemoryBytes,
        MaxTableElements = MaxTableElements,
        MaxCalls = MaxCalls,
        MaxStackBytes = MaxStackBytes,
        MaxObjectBytes = MaxObjectBytes,
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Ending} after {Delay} ms, {string.Join(", ", Calls)}, {ThreadStackBytes} bytes of thread stack, {ShadowStack}, slice {TimeSlice.TotalMilliseconds} ms, always suspends {AlwaysSuspends}, suspending imports synchronously {CallsSuspendingImportsSynchronously}, {MaxMemoryBytes} bytes, {MaxTableElements} elements, {MaxCalls} calls, {MaxStackBytes} bytes of stacks, {MaxObjectBytes} bytes of objects, fuel {Fuel} + {MoreFuel}");
}
