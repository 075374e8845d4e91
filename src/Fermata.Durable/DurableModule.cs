namespace Fermata.Durable;

/// <summary>A module that is in the database.</summary>
public sealed class DurableModule
{
    internal DurableModule(byte[] hash, string name) => (HashBytes, Name) = (hash, name);

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>The SHA-256 of its bytes, in lower-case hexadecimal digits.</summary>
    public string Hash => Convert.ToHexStringLower(HashBytes);

    internal byte[] HashBytes { get; }
}
