import unicodedata as u
u.unidata_version, u.name('é'), u.lookup('GREEK SMALL LETTER ALPHA'), u.category('A'), u.bidirectional('א'), u.combining('\u0301'), u.east_asian_width('日'), u.mirrored('('), u.decomposition('é'), u.numeric('½'), u.decimal('٣'), u.digit('²'), u.name('😀'), u.name('한'), u.name('\x00', 'none'), u.lookup('LATIN SMALL LETTER R WITH TILDE') if False else None
u.name('\x00')
u.lookup('NOTHING')
u.decimal('a')
[len(u.normalize(f, 'é ﬁ e\u0301 Å 각')) for f in ('NFC', 'NFD', 'NFKC', 'NFKD')], u.normalize('NFKC', 'ﬁ①'), u.is_normalized('NFC', 'é'), u.ucd_3_2_0.unidata_version
u.normalize('X', 'a')
u.name('ab')
'\N{SNOWMAN}', '\N{LATIN SMALL LETTER E WITH ACUTE}'
