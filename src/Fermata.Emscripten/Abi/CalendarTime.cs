using System.Runtime.InteropServices;

namespace Fermata.Emscripten.Abi;

/// <summary><c>struct tm</c> up to the offset from UTC in seconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CalendarTime(
    int Second, int Minute, int Hour, int Day, int Month, int Year, int WeekDay, int YearDay, int IsDaylightSaving, int Offset)
{
    public const int FirstYear = 1900;

    private const int LastYear = 9999;

    public static CalendarTime Of(DateTimeOffset time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return new CalendarTime(
            local.Second, local.Minute, local.Hour, local.Day, local.Month - 1, local.Year - FirstYear, (int)local.DayOfWeek, local.DayOfYear - 1,
            zone.IsDaylightSavingTime(time) ? 1 : 0, (int)local.Offset.TotalSeconds);
    }

    /// <summary>The date; fields may be beyond what the calendar has. Null if there is no such year.</summary>
    public DateTime? ToDate()
    {
        var months = ((long)Year + FirstYear) * 12 + Month;
        var year = Math.DivRem(months, 12, out var month);
        if (month < 0)
            (year, month) = (year - 1, month + 12);
        if (year is < 1 or > LastYear)
            return null;
        var seconds = Second + (60L * Minute) + (3600L * Hour) + (86_400L * (Day - 1L));
        var start = new DateTime((int)year, (int)month + 1, 1);
        return seconds < (DateTime.MinValue - start).TotalSeconds || seconds > (DateTime.MaxValue - start).TotalSeconds ? null : start.AddSeconds(seconds);
    }
}
