using System.Globalization;

namespace Fermata.Cli;

/// <summary>Times and sizes on the command line: a number and a unit.</summary>
internal static class Quantity
{
    /// <summary>What timers take at most, 49 days.</summary>
    private static readonly TimeSpan LongestTime = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Longer ones first, as one ends with another.</summary>
    private static readonly (string Suffix, decimal Milliseconds)[] Times = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1_000)];

    private static readonly (string Suffix, decimal Bytes)[] Sizes = [("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("", 1)];

    /// <summary>Reads a time such as 500ms, 1.5s, 2m or 1h; a number alone is in seconds.</summary>
    public static bool TryReadTime(string text, out TimeSpan time)
    {
        time = default;
        if (!TryRead(text, Times, out var milliseconds) || milliseconds <= 0 || milliseconds > (decimal)LongestTime.TotalMilliseconds)
            return false;
        time = TimeSpan.FromMilliseconds((double)milliseconds);
        return true;
    }

    /// <summary>Reads a size such as 4096, 512K, 64M or 1.5G, in powers of 1024.</summary>
    public static bool TryReadSize(string text, out long bytes)
    {
        bytes = 0;
        if (!TryRead(text, Sizes, out var number) || number > long.MaxValue)
            return false;
        bytes = (long)number;
        return true;
    }

    private static bool TryRead(string text, (string Suffix, decimal Factor)[] units, out decimal number)
    {
        var (suffix, factor) = units.First(unit => text.EndsWith(unit.Suffix, StringComparison.OrdinalIgnoreCase));
        if (!decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) || number > long.MaxValue)
            return false;
        number *= factor;
        return true;
    }
}
