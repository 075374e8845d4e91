using System.Text;
using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>Clocks and calendars.</summary>
internal static class TimeFunctions
{
    private const int NanosecondsPerMillisecond = 1_000_000;

    public static double GetNow(Caller caller) => WasiContext.Of(caller).Elapsed.TotalMilliseconds;

    public static double DateNow(Caller caller) => Math.Floor((double)ClockFunctions.Now(WasiContext.Of(caller), 0).Value / NanosecondsPerMillisecond);

    /// <summary>In milliseconds.</summary>
    public static double GetNowResolution(Caller caller) => 1e3 / WasiContext.Of(caller).Clock.TimestampFrequency;

    public static int GmTime(Caller caller, long time, int result) => WriteFields(caller, time, TimeZoneInfo.Utc, result);

    public static int LocalTime(Caller caller, long time, int result) => WriteFields(caller, time, EmscriptenContext.Of(caller).TimeZone, result);

    /// <summary>The time of fields in the local time zone; they are written back as they are in the calendar.</summary>
    public static long MkTime(Caller caller, int fields)
    {
        var zone = EmscriptenContext.Of(caller).TimeZone;
        var read = caller.Read<CalendarTime>(fields);
        if (read.ToDate() is not { } local)
            return -1;
        var offset = zone.GetUtcOffset(local);

        // Of an hour that there is twice the program may say which it means.
        if (zone.IsAmbiguousTime(local) && read.IsDaylightSaving >= 0)
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            offset = read.IsDaylightSaving > 0 ? offsets.Max() : offsets.Min();
        }

        var time = (local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerSecond;
        WriteFields(caller, time, zone, fields);
        return time;
    }

    /// <summary>The time of fields in UTC.</summary>
    public static long TimeGm(Caller caller, int fields)
    {
        if (caller.Read<CalendarTime>(fields).ToDate() is not { } date)
            return -1;
        var time = (date.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        WriteFields(caller, time, TimeZoneInfo.Utc, fields);
        return time;
    }

    /// <summary>Tells the time zone: its seconds west of UTC, whether it has daylight saving time, and its two names.</summary>
    public static void TzSet(Caller caller, int timeZone, int daylight, int standardName, int daylightName)
    {
        const int roomForName = 17;
        var context = EmscriptenContext.Of(caller);
        var zone = context.TimeZone;
        var year = context.Wasi.Clock.GetUtcNow().Year;
        TimeSpan[] offsets = [zone.GetUtcOffset(new DateTime(year, 1, 1)), zone.GetUtcOffset(new DateTime(year, 7, 1))];
        caller.Write(timeZone, (int)-offsets.Min().TotalSeconds);
        caller.Write(daylight, offsets[0] == offsets[1] ? 0 : 1);
        GuestText.Write(caller, standardName, roomForName, NameOf(offsets.Min()));
        GuestText.Write(caller, daylightName, roomForName, NameOf(offsets.Max()));
    }

    /// <summary>Reads fields of a time; those that the format does not name stay as they are.</summary>
    /// <returns>Where the text goes on behind them; 0 if it does not fit the format.</returns>
    public static int ParseTime(Caller caller, int text, int format, int fields)
    {
        // A character is a byte here: others than those of ASCII are only compared.
        if (GuestText.Read(caller, text, encoding: Encoding.Latin1) is not { } read || GuestText.Read(caller, format, encoding: Encoding.Latin1) is not { } wanted)
            return 0;
        var parser = new TimeParser(read);
        if (!parser.TryRead(wanted))
            return 0;
        caller.Write(fields, parser.Fill(caller.Read<CalendarTime>(fields)));
        return text + parser.Position;
    }

    /// <summary>The name that POSIX has for any time zone: UTC and its distance.</summary>
    private static byte[] NameOf(TimeSpan offset) =>
        Encoding.ASCII.GetBytes(offset == TimeSpan.Zero ? "UTC" : offset.ToString((offset < TimeSpan.Zero ? @"'UTC-'hhmm" : @"'UTC+'hhmm"), null));

    private static int WriteFields(Caller caller, long time, TimeZoneInfo zone, int result)
    {
        const long earliest = -62_135_596_800, latest = 253_402_300_799, dayOfZones = 86_400;
        if (time is < earliest + dayOfZones or > latest - dayOfZones)
            return (int)Errno.EOVERFLOW;
        var date = DateTimeOffset.FromUnixTimeSeconds(time);
        caller.Write(result, CalendarTime.Of(date, zone));

        // Behind the fields is the name of the zone, which the C library sets.
        return 0;
    }
}
