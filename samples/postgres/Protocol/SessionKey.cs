namespace Fermata.Samples.Postgres;

/// <summary>What names a session in a request to cancel its statement.</summary>
/// <param name="Process">A number for each session.</param>
/// <param name="Secret">What only the client of the session knows.</param>
internal readonly record struct SessionKey(int Process, int Secret);
