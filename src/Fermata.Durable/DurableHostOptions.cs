using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fermata.Durable;

/// <summary>How a <see cref="DurableHost"/> works.</summary>
public sealed record class DurableHostOptions
{
    /// <summary>Where the calls are.</summary>
    public required DurableDatabase Database { get; init; }

    /// <summary>What compiles modules. With <see cref="EngineOptions.UsesFuel"/>, guests that compute for long are committed on the way. Default: one with the options of a new engine.</summary>
    public Engine Engine { get; init; } = new();

    /// <summary>How stores are made: limits, and what is done about the C stack. Default: those of a new store.</summary>
    public StoreOptions Store { get; init; } = StoreOptions.Default;

    /// <summary>How many stores run in this process at once; others that are due wait. Default: 64.</summary>
    public int MaxRunningStores { get; init; } = 64;

    /// <summary>How much fuel a guest has between two commits, if its engine uses fuel. Default: 1,000,000,000.</summary>
    public long FuelPerCommit { get; init; } = 1_000_000_000;

    /// <summary>How often the database is asked for what other processes have done. Default: one second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after its last sign of life a process is taken for dead, so that others go on with its calls. Clocks of machines should differ by less. Default: 15 seconds.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where guests wait for events, or for times farther away than this, their store leaves the memory. Default: five seconds.</summary>
    public TimeSpan ShortestAbsence { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How requests, answers and events become JSON. Default: that of .NET, with numbers that are not finite.</summary>
    public JsonSerializerOptions Json { get; init; } = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>What tells the time. Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where to log. Default: nowhere.</summary>
    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;
}
