namespace Fermata;

/// <summary>How a store is restored.</summary>
public sealed record class RestoreOptions
{
    /// <summary>The modules of the instances in the snapshot, loaded in the engine; others may be among them. They are found by their bytes (<see cref="Module.Hash"/>).</summary>
    public required IReadOnlyCollection<Module> Modules { get; init; }

    /// <summary>The options of the store. Those for C stacks must be as they were. Default: those of a new store.</summary>
    public StoreOptions Store { get; init; } = StoreOptions.Default;

    /// <summary>What makes objects of the host from the bytes of <see cref="SnapshotOptions.Codecs"/>. Default: none.</summary>
    public IReadOnlyList<ReferenceCodec> Codecs { get; init; } = [];

    /// <summary>Where the pages of memories are that the snapshot names (<see cref="SnapshotOptions.Pages"/>). Default: none.</summary>
    public SnapshotPages? Pages { get; init; }

    /// <summary>Ends the calls that are restored. Default: none.</summary>
    public CancellationToken CancellationToken { get; init; }
}
