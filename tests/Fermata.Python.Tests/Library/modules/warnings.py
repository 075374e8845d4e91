import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    warnings.warn('one'); warnings.warn('two', DeprecationWarning, stacklevel=1); warnings.warn_explicit('three', UserWarning, 'f.py', 5)
[(str(x.message), x.category.__name__, x.lineno > 0) for x in w]
with warnings.catch_warnings():
    warnings.simplefilter('error'); warnings.warn('raised', RuntimeWarning)
with warnings.catch_warnings():
    warnings.filterwarnings('ignore', message='q.*'); warnings.warn('quiet')
warnings.formatwarning('m', UserWarning, 'f.py', 3, 'line'), warnings.filters[:1] != []
warnings.filterwarnings('bad')
warnings.warn('x', int)
@warnings.deprecated('old')
def old(): return 1
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always'); old(); eval('1 is 1', {}); compile(r"'\d'", 'f', 'eval'); compile('assert (1, "x")', 'f', 'exec')
[str(x.message) for x in w], old.__deprecated__
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('default')
    for _ in range(3): warnings.warn('once per place')
len(w)
