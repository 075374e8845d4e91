import shlex
shlex.split("a 'b c' \"d\\\"e\" f\\ g # h", comments=True), shlex.quote("it's"), shlex.join(['a b', 'c']), list(shlex.shlex('a;b "c"', punctuation_chars=True)), shlex.split('a "" b', posix=False)
shlex.split('a "b')
shlex.split('a\\')
