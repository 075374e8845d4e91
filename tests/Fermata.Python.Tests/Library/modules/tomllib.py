import tomllib
tomllib.loads('a = 1\n[b.c]\nd = [1, 2.5, "x\\u00e9", true]\ne = 1979-05-27T07:32:00Z\nf = {g = "h"}\n[[i]]\nj = 0x1F\n[[i]]\nk = """\nm\nn"""\nl = inf\nm = \'\'\'q\'\'\'\nn = 07:32:00')
tomllib.loads('a = ')
tomllib.loads('a = 1\na = 2')
tomllib.loads('a = 1', parse_float=5) and tomllib.loads(b'')
