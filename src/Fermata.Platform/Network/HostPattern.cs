using System.Globalization;
using System.Net;

namespace Fermata.Platform.Network;

/// <summary>What a rule says of a host: any, an address, a range of addresses, a name, or all names below one.</summary>
internal readonly record struct HostPattern
{
    private static readonly IdnMapping Idn = new();

    private readonly IPNetwork? _range;
    private readonly string? _name;

    private HostPattern(IPNetwork? range, string? name) => (_range, _name) = (range, name);

    /// <summary>Whether it is any host.</summary>
    public bool IsAny => _range is null && _name is null;

    /// <summary>Whether it is of addresses and not of names.</summary>
    public bool IsAddress => _range is not null;

    /// <summary>Reads what a host wrote: <c>*</c>, <c>10.0.0.1</c>, <c>10.0.0.0/8</c>, <c>example.com</c> or <c>*.example.com</c>.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static HostPattern Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (text == "*")
            return default;
        if (IPNetwork.TryParse(text, out var range))
            return new HostPattern(range, null);
        if (IPAddress.TryParse(text, out var address))
            return new HostPattern(new IPNetwork(address, 8 * address.GetAddressBytes().Length), null);
        var isBelow = text.StartsWith("*.", StringComparison.Ordinal);
        if (Normalize(isBelow ? text[2..] : text) is not { } name || name.AsSpan().ContainsAny("*/: "))
        {
            throw new ArgumentException(
                $"'{text}' is no host. Write a name (example.com), all names below one (*.example.com), an address (10.0.0.1, ::1), a range of addresses "
                + "(10.0.0.0/8), or * for any.", nameof(text));
        }

        return new HostPattern(null, isBelow ? "." + name : name);
    }

    /// <summary>A name as it is compared: in ASCII and lower case, without a dot at its end; null if it can be none.</summary>
    public static string? Normalize(string name)
    {
        try
        {
            return Idn.GetAscii(name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether an address fits, for itself.</summary>
    public bool Matches(IPAddress address) => IsAny || (_range is { } range && range.Contains(address));

    /// <summary>Whether a name fits, which is normalized.</summary>
    public bool Matches(string name) =>
        IsAny || (_name is not null && (_name[0] == '.' ? name.Length > _name.Length && name.EndsWith(_name, StringComparison.Ordinal) : name == _name));
}
