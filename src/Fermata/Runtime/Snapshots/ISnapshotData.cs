namespace Fermata;

/// <summary>Data of a store (<see cref="Store.SetData"/>) that its snapshots have, for <see cref="RestoredStore.Data"/>.</summary>
public interface ISnapshotData
{
    /// <summary>What it is found by. No other data of the store has the same name.</summary>
    string SnapshotName { get; }

    /// <summary>The bytes that tell what it is now, at most 64 MiB. No code of the store runs meanwhile; functions of the host that it waits for may.</summary>
    /// <exception cref="NotSupportedException">A snapshot cannot have something of it; the message tells what.</exception>
    ReadOnlyMemory<byte> ToSnapshot();
}
