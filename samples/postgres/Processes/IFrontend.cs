namespace Fermata.Samples.Postgres;

/// <summary>Who speaks with PostgreSQL, in the protocol of frontend and backend.</summary>
internal interface IFrontend
{
    /// <summary>What it says next; waits until there is something.</summary>
    /// <param name="length">How many bytes there are to be at most.</param>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(int length);

    /// <summary>Tells it something.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);
}
