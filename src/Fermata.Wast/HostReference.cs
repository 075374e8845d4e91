namespace Fermata.Wast;

/// <summary>The object behind <c>(ref.extern 1)</c> and <c>(ref.host 1)</c>: two with the same number are equal.</summary>
internal sealed record HostReference(uint Number)
{
    public override string ToString() => $"ref.extern {Number}";
}
