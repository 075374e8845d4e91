import codecs, io, encodings
codecs.lookup('utf8').name, codecs.lookup('latin1').name, codecs.encode('abc', 'rot13'), codecs.encode(b'abc', 'hex'), codecs.decode(b'YWJj', 'base64'), codecs.encode(b'a' * 20, 'zlib')[:2], codecs.BOM_UTF16_LE, codecs.getencoder('ascii')('a'), codecs.getincrementaldecoder('utf-8')().decode(b'\xc3'), codecs.escape_decode(b'\\x41\\n'), codecs.encode('é', 'unicode_escape'), codecs.decode(b'\\u00e9', 'raw_unicode_escape'), codecs.charmap_build('ab') is not None
codecs.lookup('nothing')
codecs.encode('a', 'hex')
codecs.register_error('mine', lambda e: (f'<{e.object[e.start:e.end]!r}>', e.end))
'aéb'.encode('ascii', 'mine'), b'a\xffb'.decode('ascii', 'mine'), 'é'.encode('ascii', 'nope') if False else None
'é'.encode('ascii', 'nope')
list(codecs.iterdecode([b'\xe2\x82', b'\xac'], 'utf-8')), codecs.open if False else None, codecs.StreamReader(io.BytesIO(b'x')).stream.read(), codecs.EncodedFile(io.BytesIO(b'\xe9'), 'utf-8', 'latin-1').read()
[len('aé€😀'.encode(n)) for n in ('utf-7', 'utf-8', 'utf-16', 'utf-32-be')], [('é€'.encode(n, 'replace')) for n in ('cp1252', 'cp850', 'iso8859-15', 'mac_roman', 'koi8-r', 'big5', 'gb18030', 'euc_jp', 'cp949')]
b'\xd8\x00'.decode('utf-16-be')
b'+AOk'.decode('utf-7'), b'\x00\x00\x00\xff'.decode('utf-32-be') if False else None, '\ud800'.encode('utf-8', 'surrogatepass'), b'\xed\xa0\x80'.decode('utf-8', 'surrogatepass') == '\ud800'
'\ud800'.encode()
b'\xc0\x80'.decode()
b'\xf4\x90\x80\x80'.decode()
encodings.normalize_encoding('UTF 8-x'), encodings.aliases.aliases['latin']
