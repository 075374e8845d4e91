using Fermata.Emscripten.Abi;

namespace Fermata.Emscripten.Functions;

/// <summary>Reads a time from a text, as <c>strptime</c> of POSIX does in its own locale. What a format says twice counts as it comes last.</summary>
/// <param name="text">The text.</param>
internal sealed class TimeParser(string text)
{
    private const int MinutesPerHour = 60, SecondsPerMinute = 60;

    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly string[] Halves = ["AM", "PM"];

    /// <summary>Conversions that stand for formats.</summary>
    private static readonly Dictionary<char, string> Composed = new()
    {
        ['c'] = "%a %b %e %H:%M:%S %Y",
        ['D'] = "%m/%d/%y",
        ['F'] = "%Y-%m-%d",
        ['R'] = "%H:%M",
        ['r'] = "%I:%M:%S %p",
        ['T'] = "%H:%M:%S",
        ['x'] = "%m/%d/%y",
        ['X'] = "%H:%M:%S",
    };

    /// <summary>Those of names: the names, of which three letters are enough, what is noted, and from which number on.</summary>
    private static readonly Dictionary<char, (string[] Names, char Field, int First)> Named = new()
    {
        ['a'] = (Days, 'w', 0),
        ['A'] = (Days, 'w', 0),
        ['b'] = (Months, 'm', 1),
        ['B'] = (Months, 'm', 1),
        ['h'] = (Months, 'm', 1),
        ['p'] = (Halves, 'p', 0),
    };

    /// <summary>Those of numbers: the bounds, how many digits there are at most, and what is noted.</summary>
    private static readonly Dictionary<char, (int Least, int Most, int Digits, char Field)> Numbers = new()
    {
        ['C'] = (0, 99, 2, 'C'),
        ['d'] = (1, 31, 2, 'd'),
        ['e'] = (1, 31, 2, 'd'),
        ['H'] = (0, 23, 2, 'H'),
        ['I'] = (1, 12, 2, 'I'),
        ['j'] = (1, 366, 3, 'j'),
        ['m'] = (1, 12, 2, 'm'),
        ['M'] = (0, 59, 2, 'M'),
        ['S'] = (0, 60, 2, 'S'),
        ['U'] = (0, 53, 2, 'U'),
        ['w'] = (0, 6, 1, 'w'),
        ['W'] = (0, 53, 2, 'W'),
        ['y'] = (0, 99, 2, 'y'),
        ['Y'] = (0, 9999, 4, 'Y'),
    };

    private readonly Dictionary<char, int> _fields = [];

    /// <summary>How far it has been read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads what a format says.</summary>
    /// <returns>Whether the text fits it.</returns>
    public bool TryRead(string format)
    {
        for (var i = 0; i < format.Length; i++)
        {
            var isConversion = format[i] == '%';
            if (isConversion && ++i < format.Length && format[i] is 'E' or 'O')
                i++;
            if (i >= format.Length || !(isConversion ? TryConvert(format[i]) : TryTake(format[i])))
                return false;
        }

        return true;
    }

    /// <summary>The fields of a time with those that were read, and those that follow from them.</summary>
    public CalendarTime Fill(CalendarTime time)
    {
        var year = Find('Y') ?? (Find('C'), Find('y')) switch
        {
            ({ } century, var rest) => (century * 100) + (rest ?? 0),
            (null, { } rest) => rest + (rest < 69 ? 2000 : 1900),
            _ => null,
        };
        var date = FindDate(year);
        return time with
        {
            Second = Find('S') ?? time.Second,
            Minute = Find('M') ?? time.Minute,
            Hour = Find('H') ?? (Find('I') is { } hour ? (hour % 12) + (12 * (Find('p') ?? 0)) : time.Hour),
            Day = date?.Day ?? Find('d') ?? time.Day,
            Month = (date?.Month ?? Find('m')) - 1 ?? time.Month,
            Year = year - CalendarTime.FirstYear ?? time.Year,
            WeekDay = (int?)date?.DayOfWeek ?? Find('w') ?? time.WeekDay,
            YearDay = (date?.DayOfYear ?? Find('j')) - 1 ?? time.YearDay,
            Offset = Find('z') ?? time.Offset,
        };
    }

    /// <summary>The date, if the fields tell a whole one that there is.</summary>
    private DateTime? FindDate(int? year)
    {
        if (year is not (>= 1 and var found))
            return null;
        if (Find('m') is { } month && Find('d') is { } day)
            return day <= DateTime.DaysInMonth(found, month) ? new DateTime(found, month, day) : null;
        return Find('j') is { } dayOfYear && dayOfYear <= (DateTime.IsLeapYear(found) ? 366 : 365) ? new DateTime(found, 1, 1).AddDays(dayOfYear - 1) : null;
    }

    private int? Find(char field) => _fields.TryGetValue(field, out var value) ? value : null;

    private bool TryConvert(char conversion)
    {
        if (Composed.TryGetValue(conversion, out var format))
            return TryRead(format);
        if (Named.TryGetValue(conversion, out var named))
            return Note(named.Field, named.First + TakeName(named.Names));
        if (Numbers.TryGetValue(conversion, out var number))
        {
            SkipSpaces();
            return Note(number.Field, TakeNumber(number.Digits) is { } value && value >= number.Least && value <= number.Most ? value : null);
        }

        switch (conversion)
        {
            case 'n' or 't':
                SkipSpaces();
                return true;
            case 'Z':
                while (Position < text.Length && char.IsAsciiLetter(text[Position]))
                    Position++;
                return true;
            case 'z':
                return Note('z', TakeOffset());
            default:
                return conversion == '%' && TryTake('%');
        }
    }

    /// <summary>A space in a format stands for any spaces, also none.</summary>
    private bool TryTake(char wanted)
    {
        if (IsSpace(wanted))
        {
            SkipSpaces();
            return true;
        }

        if (Position >= text.Length || text[Position] != wanted)
            return false;
        Position++;
        return true;
    }

    private bool Note(char field, int? value)
    {
        if (value is not { } found)
            return false;
        _fields[field] = found;
        return true;
    }

    private int? TakeName(string[] names)
    {
        const int lettersOfShortNames = 3;
        for (var i = 0; i < names.Length; i++)
        {
            foreach (var name in new[] { names[i], names[i][..Math.Min(lettersOfShortNames, names[i].Length)] })
            {
                if (!text.AsSpan(Position).StartsWith(name, StringComparison.OrdinalIgnoreCase))
                    continue;
                Position += name.Length;
                return i;
            }
        }

        return null;
    }

    private int? TakeNumber(int mostDigits)
    {
        var (value, start) = (0, Position);
        for (; Position < text.Length && Position - start < mostDigits && char.IsAsciiDigit(text[Position]); Position++)
            value = (value * 10) + (text[Position] - '0');
        return Position > start ? value : null;
    }

    /// <summary>The distance from UTC, in seconds: <c>Z</c>, <c>+0130</c>, <c>+01:30</c>, <c>+01</c>.</summary>
    private int? TakeOffset()
    {
        if (TryTake('Z'))
            return 0;
        var sign = TryTake('-') ? -1 : 1;
        if ((sign > 0 && !TryTake('+')) || TakeNumber(2) is not { } hours)
            return null;
        TryTake(':');
        var minutes = TakeNumber(2) ?? 0;
        return sign * ((hours * MinutesPerHour) + minutes) * SecondsPerMinute;
    }

    private void SkipSpaces()
    {
        while (Position < text.Length && IsSpace(text[Position]))
            Position++;
    }

    private static bool IsSpace(char character) => character is ' ' or (>= '\t' and <= '\r');
}
