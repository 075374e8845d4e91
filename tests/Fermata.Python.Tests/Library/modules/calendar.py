import calendar, datetime
print(calendar.month(2024, 2)); print(calendar.TextCalendar(6).formatmonth(2023, 10, w=3, l=1))
calendar.monthrange(2023, 2), calendar.isleap(1900), calendar.leapdays(1900, 2001), calendar.weekday(2024, 1, 1), calendar.monthcalendar(2024, 2), calendar.timegm((2024, 1, 1, 0, 0, 0)), calendar.day_name[0], list(calendar.month_abbr), calendar.Month.MAY, calendar.Day(0), calendar.firstweekday(), list(calendar.Calendar(6).itermonthdays2(2024, 2))[:3], len(calendar.calendar(2024)), calendar.HTMLCalendar().formatmonth(2024, 2)[:120]
calendar.monthrange(2024, 13)
calendar.setfirstweekday(9)
