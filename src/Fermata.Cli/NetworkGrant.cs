using System.Globalization;
using Fermata.Platform.Network;

namespace Fermata.Cli;

/// <summary>Hosts that a program may connect to, as the command line names them.</summary>
internal static class NetworkGrant
{
    private const string AnyPort = "*";

    /// <summary>Allows <c>HOST:PORT</c>, or <c>HOST</c> or <c>HOST:*</c> for any port; an address of IPv6 with a port stands in brackets.</summary>
    /// <returns>Whether it is such a text.</returns>
    public static bool TryAllow(NetworkPolicy policy, string text)
    {
        var (host, port) = Split(text);
        int? number = null;
        if (port != AnyPort)
        {
            if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var read))
                return false;
            number = read;
        }

        try
        {
            policy.AllowConnect(host, number);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static (string Host, string Port) Split(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']') is > 0 and var end)
            return (text[1..end], text[(end + 1)..] is [':', .. var port] ? port : text.Length == end + 1 ? AnyPort : "");

        // More than one colon are those of an address.
        return text.Split(':') is [var name, var number] ? (name, number) : (text, AnyPort);
    }
}
