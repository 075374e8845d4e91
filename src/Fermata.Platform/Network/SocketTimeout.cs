namespace Fermata.Platform.Network;

/// <summary>How long a call of a socket waits at most.</summary>
/// <param name="Time">The time; none at all if it is zero.</param>
/// <param name="Clock">What measures it.</param>
internal sealed record SocketTimeout(TimeSpan Time, TimeProvider Clock)
{
    /// <summary>The time for one call begins.</summary>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    public TimeLimit Begin(CancellationToken cancellationToken) => new(this, cancellationToken);
}
