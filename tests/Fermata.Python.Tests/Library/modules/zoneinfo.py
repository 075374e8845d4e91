import zoneinfo
from datetime import *
zoneinfo.ZoneInfo('Europe/Berlin')
zoneinfo.ZoneInfo('Nope/Nope')
zoneinfo.TZPATH, sorted(zoneinfo.available_timezones())[:3]
zoneinfo.ZoneInfo('../etc/passwd')
import io, struct
data = b'TZif2' + b'\0' * 15 + struct.pack('>6l', 0, 0, 0, 0, 1, 4) + struct.pack('>lbb', 3600, 0, 0) + b'XST\0' + b'TZif2' + b'\0' * 15 + struct.pack('>6l', 0, 0, 0, 0, 1, 4) + struct.pack('>lbb', 3600, 0, 0) + b'XST\0' + b'\nXST-1XDT,M3.5.0,M10.5.0/3\n'
z = zoneinfo.ZoneInfo.from_file(io.BytesIO(data), key='X')
[(datetime(2024, m, 1, tzinfo=z).utcoffset(), datetime(2024, m, 1, tzinfo=z).tzname()) for m in (1, 7)], datetime(2024, 10, 27, 2, 30, tzinfo=z), datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=z), datetime(2024, 7, 1, tzinfo=z).astimezone(timezone.utc), z, z.key
zoneinfo.ZoneInfo.from_file(io.BytesIO(b'no'))
