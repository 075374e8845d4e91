from datetime import *
date(2024, 2, 29), date(2024, 2, 29).isoformat(), date.fromisoformat('2024-W09-4'), date(2024, 12, 30).isocalendar(), date.fromordinal(738000), date(1, 1, 1).weekday()
date(2023, 2, 29)
date(0, 1, 1)
date.max - date.min, date.max + timedelta(0), date(2024, 1, 31).replace(month=2, day=1)
date.max + timedelta(1)
date.fromisocalendar(2024, 54, 1)
datetime(2024, 3, 1, 12, 30, 15, 123456, tzinfo=timezone.utc).isoformat(), datetime(2024, 3, 1).isoformat(' ', 'milliseconds')
datetime.fromisoformat('2024-03-01T12:30:15.123+05:30'), datetime.fromisoformat('20240301T123015Z'), datetime.fromisoformat('2024-03-01')
datetime.fromisoformat('2024-13-01')
datetime(2024, 3, 1, 12).strftime('%a %A %b %B %d %H %I %j %m %M %p %S %U %w %W %x %X %y %Y %% %G %V %u %f %c %e')
datetime.strptime('01 Mar 2024 13:14:15 +0200', '%d %b %Y %H:%M:%S %z'), datetime.strptime('2024 060', '%Y %j'), datetime.strptime('12/31/99 11:59 PM', '%m/%d/%y %I:%M %p')
datetime.strptime('x', '%Y')
datetime.strptime('2024 1', '%Y')
datetime.strptime('2024', '%Q')
datetime(2024, 3, 1, 12, tzinfo=timezone(timedelta(hours=-5, minutes=-30), 'X')).strftime('%z %Z %:z')
datetime(2024, 3, 1) - datetime(2023, 3, 1, 1), datetime(2024, 3, 1) + timedelta(days=1.5), datetime(2024, 1, 1) < datetime(2024, 1, 2)
datetime(2024, 1, 1) < datetime(2024, 1, 1, tzinfo=timezone.utc)
datetime(2024, 1, 1) == datetime(2024, 1, 1, tzinfo=timezone.utc), datetime(2024, 1, 1, tzinfo=timezone.utc) == datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
datetime.fromtimestamp(0, timezone.utc), datetime.fromtimestamp(1e9, timezone.utc), datetime(2024, 1, 1, tzinfo=timezone.utc).timestamp(), datetime.fromtimestamp(-1.5, timezone.utc)
datetime.fromtimestamp(1e18, timezone.utc)
datetime(2024, 1, 1, 12, tzinfo=timezone.utc).astimezone(timezone(timedelta(hours=9)))
datetime(2024, 1, 1).astimezone().utcoffset(), datetime.fromtimestamp(86400)
timedelta(days=1, hours=-1, microseconds=1.5), str(timedelta(-1, 5)), timedelta(weeks=1) / 2, timedelta(1) // timedelta(hours=7), divmod(timedelta(1), timedelta(hours=7)), timedelta(1).total_seconds(), abs(timedelta(-1)), timedelta(seconds=1) * 1.5
timedelta(10 ** 10)
timedelta(1) / 0
time(12, 30, fold=1), time.fromisoformat('04:23:01.5'), time(1, 2, 3).isoformat('minutes'), time(23, 59, 59, 999999) > time(0), time.max
time(24)
timezone(timedelta(hours=25))
timezone.utc, timezone(timedelta(hours=-3.5)), str(timezone(timedelta(seconds=3601))), UTC is timezone.utc
datetime(2024, 1, 1).ctime(), datetime(2024, 1, 1).timetuple(), datetime.combine(date(2024, 1, 1), time(5)), datetime(2024, 2, 29).toordinal()
import pickle, copy
pickle.loads(pickle.dumps(datetime(2024, 1, 1, tzinfo=timezone.utc))), copy.deepcopy(timedelta(1, 2, 3)), hash(date(2024, 1, 1)) == hash(date(2024, 1, 1))
'{:%Y-%m}|{:>12}'.format(date(2024, 5, 1), 'x'), f'{datetime(2024, 1, 1):%H}'
class Zone(tzinfo):
    def utcoffset(self, d): return timedelta(hours=2)
    def dst(self, d): return timedelta(hours=1)
    def tzname(self, d): return 'Zone'
datetime(2024, 1, 1, tzinfo=Zone()), datetime(2024, 1, 1, tzinfo=Zone()).dst(), datetime(2024, 1, 1, tzinfo=Zone()).tzname(), datetime(2024, 1, 1, tzinfo=Zone()).utctimetuple()
