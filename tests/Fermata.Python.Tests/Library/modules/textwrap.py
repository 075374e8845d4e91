import textwrap
text = 'The quick brown fox jumped over the lazy dog. Averyveryverylongword-with-hyphens and  double  spaces.\tTab.\n\nA new paragraph — with an em-dash.'
textwrap.wrap(text, 20)
textwrap.fill(text, 30, initial_indent='* ', subsequent_indent='  ')
textwrap.wrap(text, 15, break_long_words=False, break_on_hyphens=False, drop_whitespace=False)
textwrap.wrap(text, 20, max_lines=2, placeholder=' [...]')
textwrap.wrap('a', 0)
textwrap.wrap('abc def', 2, max_lines=1, placeholder='.....')
textwrap.shorten('Hello  world! and more', width=12), textwrap.shorten('Hello', width=5)
textwrap.dedent('   a\n     b\n\n   c\n'), textwrap.dedent('\ta\n  b'), textwrap.indent('a\n\nb\n', '> '), textwrap.indent('a\n\nb', '> ', lambda line: True)
textwrap.TextWrapper(width=10, fix_sentence_endings=True, expand_tabs=False, replace_whitespace=False).wrap('a. b.\tc\nd')
