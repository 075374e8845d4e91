import sys
sys.version_info[:2], sys.platform, sys.byteorder, sys.maxunicode, sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getrecursionlimit(), sys.implementation.name, sys.implementation.cache_tag, sys.api_version, sys.hexversion > 0, sys.float_repr_style, sys.copyright[:13], sys.abiflags, sys.prefix, sys.exec_prefix, sys.flags.optimize, sys.flags.utf8_mode, sys.dont_write_bytecode, sys.getswitchinterval(), sys.thread_info, sys.builtin_module_names[:3], 'json' in sys.stdlib_module_names, sys.is_finalizing(), sys.getrefcount([]) > 0, sys.intern('a'), sys.getsizeof(1), sys.getsizeof([]), sys.getsizeof('abc'), sys.getsizeof({}), sys.pycache_prefix, sys.platlibdir, sys.warnoptions, sys._is_gil_enabled(), sys.get_asyncgen_hooks().firstiter is None
sys.version, sys._git, sys.path
sys.exit(5)
sys.setrecursionlimit(0)
sys.intern(1)
sys.displayhook(5); sys.displayhook(None)
def f(n):
    sys.setrecursionlimit(n); return sys.getrecursionlimit()
f(1500), f(1000), sys._getframe().f_code.co_name, sys.getallocatedblocks() > 0, sys.call_tracing(len, ([1],))
calls = []
def tracer(frame, event, arg): calls.append((event, frame.f_code.co_name)); return tracer
def traced(): x = 1; return x
sys.settrace(tracer); traced(); sys.settrace(None)
[c for c in calls if c[1] == 'traced']
sys.audit('x', 1), sys.get_int_max_str_digits(), sys.exception(), sys.monitoring.get_tool(1), sys.stdin.isatty(), sys.stdout is not None, sys.__stdout__.encoding, sys.__stdin__.name
sys.breakpointhook and sys.unraisablehook.__name__, sys.excepthook.__name__, sys.meta_path != [], len(sys.path_hooks)
import platform, sysconfig, site
platform.system(), platform.machine(), platform.python_implementation(), platform.python_version_tuple()[0], platform.architecture(), platform.node(), platform.python_compiler()[:5], platform.release() != '', sysconfig.get_platform(), sysconfig.get_config_var('EXT_SUFFIX'), sysconfig.get_path('stdlib')
