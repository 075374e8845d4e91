using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Fermata.Fuzz.Running;

/// <summary>A module and all that is to be done with it, in a form that both engines read.</summary>
/// <remarks>
/// Arguments are numbers for i32, strings of digits for i64, null for a null reference, and "host N" for an object of the host.
/// </remarks>
internal sealed class Plan
{
    /// <summary>Where the module comes from, for reports.</summary>
    public required string Origin { get; init; }

    public required byte[] Module { get; init; }

    /// <summary>A module between the host and the module, whose exports "aN" stand for the imports N; null where none is needed.</summary>
    public byte[]? Adapter { get; init; }

    public required List<PlannedImport> Imports { get; init; }

    /// <summary>For each function how the host calls it; null where it cannot. Function N itself is the export "fN".</summary>
    public required List<PlannedFunction?> Functions { get; init; }

    /// <summary>The functions that the module exported by itself, which it calls by their position.</summary>
    public required List<int> Exports { get; init; }

    public required List<PlannedCall> Calls { get; init; }

    /// <summary>The functions without parameters, and globals, whose values are compared at the end.</summary>
    public required List<string> Getters { get; init; }

    public required List<string> Globals { get; init; }

    /// <summary>The types of what the exceptions of each tag carry.</summary>
    public required List<List<string>> Tags { get; init; }

    public required int Memories { get; init; }

    /// <summary>For each table whether its indices are 64-bit.</summary>
    public required List<bool> Tables { get; init; }

    /// <summary>The table that the module gave the name "table"; null without one.</summary>
    public int? FuzzingTable { get; init; }

    /// <summary>The steps for each call; 0 where the code does not count any.</summary>
    public required int Fuel { get; init; }

    /// <summary>Plans the same with code that determines the payloads of NaNs; null where this code does.</summary>
    [JsonIgnore]
    public Func<Plan?>? WithDeterminedNans { get; init; }
}

/// <summary>An import and what the host gives for it.</summary>
internal sealed record PlannedImport(string Module, string Name, string Kind)
{
    /// <summary>For a function: whether the host's function is behind the adapter.</summary>
    public bool IsAdapted { get; init; }

    /// <summary>For a function: the types that the host's function returns; for a global: its type.</summary>
    public List<string> Types { get; init; } = [];

    /// <summary>For a function: the types that the host's function takes.</summary>
    public List<string> Parameters { get; init; } = [];

    public bool IsMutable { get; init; }

    public bool Is64 { get; init; }

    public bool IsShared { get; init; }

    public ulong Min { get; init; }

    public ulong? Max { get; init; }
}

/// <summary>How the host calls a function: an export, and arguments for calls that give none.</summary>
internal sealed record PlannedFunction(string Name, List<JsonNode?> Arguments);

internal sealed record PlannedCall(int Function, List<JsonNode?> Arguments);
