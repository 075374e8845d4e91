import string
string.ascii_letters, string.digits, string.punctuation, string.whitespace, string.printable[-3:]
string.Template('$who likes ${what}, $$5').substitute(who='tim', what='kung pao')
string.Template('$who').substitute()
string.Template('$who $1').safe_substitute(x=1)
string.Template('$1').substitute()
string.Template('$a ${b}').get_identifiers(), string.Template('$ a').is_valid()
string.capwords('hello  wörld', ' '), string.capwords(' a  b ')
list(string.Formatter().parse('a {b!r:>{w}} {{}}')), string.Formatter().format('{0[x]} {1.real:05d} {a!s}', {'x': 1}, 5, a=None), string.Formatter().vformat('{}', [1], {})
'{:>10}|{:<10}|{:^10}|{:*^7}|{:+d}|{: d}|{:,}|{:_x}|{:#o}|{:08.3f}|{:e}|{:g}|{:%}|{:c}|{:n}|{:#b}'.format('a', 'b', 'c', 'd', 5, 5, 1234567, 0xffffff, 8, 3.14159, 12345.678, 1e-7, 0.25, 65, 1000, 5)
'{a.real} {b[0]} {b[1]!r} {c:{d}}'.format(a=1, b=['x', 'y'], c=3, d='>5')
'{}'.format()
'{'.format()
'{:d}'.format('x')
'{!z}'.format(1)
'{:10,_d}'.format(1)
'%5.2f|%-5d|%05d|%x|%o|%e|%g|%s|%r|%c|%%|%+d|%#x|%.3s|%*d|%(a)s' % {'a': 1} if False else '%5.2f|%-5d|%05d|%x|%o|%e|%g|%s|%r|%c|%%|%+d|%#x|%.3s|%*d' % (3.14159, 5, 5, 255, 8, 1e10, 1e-5, 'a', 'b', 'c', 3, 255, 'abcdef', 4, 7)
'%d' % 'x'
'%s %s' % (1,)
'%s' % (1, 2)
'%(a)s' % {}
'%z' % 1
'ß'.upper(), 'ǅ'.lower(), 'ŉ'.title(), 'İ'.lower(), 'ﬃ'.casefold(), 'Σας'.lower(), 'áéí'.capitalize(), 'they\'re bill\'s'.title(), 'aB'.swapcase()
'٣'.isdigit(), '²'.isdecimal(), '½'.isnumeric(), 'a1'.isalnum(), '\u2003'.isspace(), 'a_b'.isidentifier(), '\x7f'.isprintable(), 'é'.isascii(), 'Ab'.istitle()
'a,b,,c'.split(','), ' a  b '.split(), 'a b c'.rsplit(None, 1), 'a\nb\r\nc\x0bd\u2028e'.splitlines(True), 'a-b-c'.partition('-'), 'abc'.rpartition('x'), 'xxabxx'.strip('x'), 'abc'.removeprefix('a'), 'abc'.removesuffix('bc'), '42'.zfill(5), '-42'.zfill(5), 'a\tb'.expandtabs(4), 'abc'.center(8, '*'), 'abcabc'.replace('b', 'X', 1), 'abcabc'.find('c', 3), 'aXbX'.count('X'), 'abc'.startswith(('x', 'a')), 'ab'.translate({97: 'xy', 98: None}), str.maketrans('ab', 'xy', 'z')
'abc'.index('x')
''.split('')
','.join([1])
'a' + 1
'abc'[5]
'é'.encode('ascii')
'é'.encode('ascii', 'xmlcharrefreplace'), 'é😀'.encode('ascii', 'backslashreplace'), 'é'.encode('ascii', 'namereplace'), 'a€'.encode('cp1252'), 'é'.encode('utf-16-le'), 'bücher'.encode('idna'), 'é'.encode('punycode'), 'a'.encode('utf-8-sig'), 'é'.encode('latin-1', 'replace')
b'\xff\xfe'.decode()
b'\xe9'.decode('latin-1'), b'\xff'.decode(errors='replace'), b'\xff'.decode(errors='surrogateescape'), b'a\xffb'.decode('utf-8', 'ignore'), bytes(range(128, 140)).decode('cp437'), '日本'.encode('shift_jis'), '中'.encode('gbk'), '한'.encode('euc-kr'), '日'.encode('iso2022_jp')
b'x'.decode('nothing')
repr('\x00\x1f\x7f\xa0\xad\u200b\ud800\U0001f600\'"'), ascii('é😀'), 'a' 'b' * 2, 'abc'[::-1], 'abc' < 'abd', 'a' in 'ba', len('😀'), ord('€'), chr(0x10ffff)
chr(0x110000)
ord('ab')
f'{1 + 1=} {"a"!r:>5} {3.0:{"."}{2}f} {{}} {[x for x in "ab"]}'
str(b'a'), str(b'a', 'ascii'), 'é'.__format__('>3'), 'abc'.__mod__(()), 'a%sb' % ('c',), '%s' % [1]
from string.templatelib import Template as T
t = t'hello {1 + 1!r:>5}'
t.strings, t.values, t.interpolations[0].expression, t.interpolations[0].format_spec, t
