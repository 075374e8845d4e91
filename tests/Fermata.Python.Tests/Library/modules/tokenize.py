import tokenize, io, token, keyword
[(token.tok_name[t.type], t.string, t.start, t.end) for t in tokenize.generate_tokens(io.StringIO('def f(a):\n    return f"{a:>5}" + 1.5e3 # c\n').readline)]
tokenize.untokenize(tokenize.generate_tokens(io.StringIO('x=1+ 2\n').readline)), tokenize.detect_encoding(io.BytesIO(b'# -*- coding: latin-1 -*-\n').readline), tokenize.detect_encoding(io.BytesIO(b'\xef\xbb\xbfx').readline)
tokenize.detect_encoding(io.BytesIO(b'# coding: nope\n').readline)
list(tokenize.generate_tokens(io.StringIO('(').readline))
list(tokenize.generate_tokens(io.StringIO("'''abc").readline))
list(tokenize.generate_tokens(io.StringIO('if 1:\n    a\n  b').readline))
keyword.kwlist, keyword.softkwlist, keyword.iskeyword('if')
