from fnmatch import *
fnmatch('a.TXT', '*.txt'), fnmatchcase('a.txt', '[!b].t?t'), filter(['a', 'b.c', '.h'], '*.*'), translate('a[!b-d]*?.[x'), fnmatch('a[b', 'a[[]b'), filterfalse(['a', 'b'], 'a')
fnmatch(b'a', 'a')
