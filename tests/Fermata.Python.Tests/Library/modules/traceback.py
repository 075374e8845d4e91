import traceback, sys, io
def f(n): return 1 / n
try: f(0)
except ZeroDivisionError as e: err = e
traceback.format_exception_only(err), [(s.name, s.lineno, s.line) for s in traceback.extract_tb(err.__traceback__)][1:], traceback.format_tb(err.__traceback__)[-1]
try:
    try: f(0)
    except ZeroDivisionError as e: raise KeyError('k') from e
except KeyError as e: err = e
''.join(traceback.format_exception(err)).count('direct cause'), ''.join(traceback.format_exception(err, chain=False)).count('Zero')
try:
    try: f(0)
    except ZeroDivisionError: raise ValueError('v')
except ValueError as e: err = e
''.join(traceback.format_exception(err)).count('During handling'), err.__context__, err.__suppress_context__
g = ExceptionGroup('group', [ValueError(1), ExceptionGroup('inner', [KeyError('k'), TypeError('t')])])
print(''.join(traceback.format_exception(g)))
e = ValueError('x'); e.add_note('a note\nof two lines')
print(''.join(traceback.format_exception(e)))
try: compile('a = (1,\nb c', 'file.py', 'exec')
except SyntaxError as e: print(''.join(traceback.format_exception_only(e)))
try: exec('def f(:\n  pass', {})
except SyntaxError as e: print(''.join(traceback.format_exception_only(e)), e.lineno, e.offset, e.text, e.end_offset)
def r(n): return r(n + 1)
try: r(0)
except RecursionError as e: print(str(e), traceback.format_exception(e)[-2].count('repeated'))
o = io.StringIO(); traceback.print_exception(err, file=o, limit=1); traceback.print_stack(file=o, limit=1)
o.getvalue().count('File')
t = traceback.TracebackException(ValueError, ValueError('x'), None, capture_locals=True)
t, str(t), list(t.format()), traceback.StackSummary.from_list([('f', 1, 'n', 'l')]).format(), traceback.FrameSummary('f', 2, 'g'), traceback.format_list([('f.py', 3, 'name', None)])
try: {}.get(1).attr
except AttributeError as e: print(e, e.name, e.obj)
try: ''.joim
except AttributeError as e: print(''.join(traceback.format_exception_only(e)))
try: imprt
except NameError as e: print(''.join(traceback.format_exception_only(e)))
try: import colections
except ImportError as e: print(''.join(traceback.format_exception_only(e)), e.name, e.path)
try: from collections import dequ
except ImportError as e: print(''.join(traceback.format_exception_only(e)))
traceback.format_exc(), sys.exc_info()
