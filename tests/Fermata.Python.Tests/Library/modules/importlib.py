import importlib, importlib.util, importlib.machinery, importlib.resources, importlib.metadata, sys, os, pkgutil, runpy, zipimport
os.makedirs('/tmp/imp/pkg/sub', exist_ok=True)
for n, t in (('mod.py', 'x = 1\ndef __getattr__(n): return n\nprint("loaded", __name__)'), ('pkg/__init__.py', 'from . import a\n__all__ = ["a", "b"]'), ('pkg/a.py', 'from .sub import c\nv = c.w'), ('pkg/b.py', 'raise ValueError("at import")'), ('pkg/sub/__init__.py', ''), ('pkg/sub/c.py', 'w = __package__'), ('pkg/__main__.py', 'print("main", __name__)'), ('bad.py', 'def'), ('cyc1.py', 'import cyc2\na = 1'), ('cyc2.py', 'from cyc1 import a'), ('pkg/data.txt', 'data')): open('/tmp/imp/' + n, 'w').write(t)
sys.path.insert(0, '/tmp/imp'); importlib.invalidate_caches()
import mod
mod.x, mod.anything, mod.__file__, mod.__spec__.origin, mod.__loader__.__class__.__name__, mod.__name__, mod.__cached__ if hasattr(mod, '__cached__') else None
importlib.reload(mod).x
import pkg.a as a
a.v, sys.modules['pkg'].__path__, importlib.import_module('.sub', 'pkg').__name__, importlib.util.find_spec('nope'), importlib.util.find_spec('json').name, importlib.util.resolve_name('.x', 'pkg'), [m.name for m in pkgutil.iter_modules(['/tmp/imp/pkg'])], importlib.resources.files('pkg').joinpath('data.txt').read_text(), [m.name for m in pkgutil.walk_packages(['/tmp/imp/pkg/sub'])]
import pkg.b
import bad
import cyc1
from pkg import *
import pkg.nope
from pkg import nope
from .. import x
importlib.import_module('.x')
s = importlib.util.spec_from_file_location('dyn', '/tmp/imp/mod.py'); m = importlib.util.module_from_spec(s); s.loader.exec_module(m)
m.__name__, 'dyn' in sys.modules, importlib.util.cache_from_source('/a/b.py'), importlib.util.MAGIC_NUMBER.hex(), importlib.machinery.SOURCE_SUFFIXES, importlib.machinery.EXTENSION_SUFFIXES, importlib.machinery.all_suffixes() != []
runpy.run_path('/tmp/imp/mod.py')['x'], runpy.run_module('pkg')['__name__']
runpy.run_module('nope')
class Finder:
    def find_spec(self, name, path, target=None): return importlib.util.spec_from_loader(name, self) if name == 'virtual' else None
    def create_module(self, spec): return None
    def exec_module(self, module): module.made = True
sys.meta_path.append(Finder())
import virtual
virtual.made, virtual
sys.meta_path.pop() and sys.path.pop(0)
import zipfile
with zipfile.ZipFile('/tmp/imp/z.zip', 'w') as z: z.writestr('inzip.py', 'y = __file__')
sys.path.append('/tmp/imp/z.zip')
import inzip
inzip.y, sys.path.pop(), json_file if False else None
importlib.metadata.version('nope')
import js_nope
import json.tool, this_nope
lazy = importlib.util.LazyLoader
__import__('os.path').__name__, __import__('os.path', fromlist=['join']).__name__, importlib.__import__('json').__name__
