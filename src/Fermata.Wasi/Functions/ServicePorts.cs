using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace Fermata.Wasi.Functions;

/// <summary>The ports of services, by the names that IANA gives them: those that programs ask for. There is no <c>/etc/services</c>.</summary>
internal static class ServicePorts
{
    private static readonly FrozenDictionary<string, int> ByName = new Dictionary<string, int>
    {
        [""] = 0,
        ["domain"] = 53,
        ["ftp"] = 21,
        ["http"] = 80,
        ["https"] = 443,
        ["imap"] = 143,
        ["imaps"] = 993,
        ["ntp"] = 123,
        ["pop3"] = 110,
        ["smtp"] = 25,
        ["ssh"] = 22,
        ["telnet"] = 23,
    }.ToFrozenDictionary();

    /// <summary>The port of a service, which may be a number; 0 for none, and null if there is no such service.</summary>
    public static int? Find(string service) => ByName.TryGetValue(service, out var port) ? port : Parse(service);

    /// <summary>The port that a number tells; null if it is none.</summary>
    public static int? Parse(string service) =>
        int.TryParse(service, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort ? port : null;
}
